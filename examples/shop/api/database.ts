/** The little SQL the shop needs, alike on SQLite and PostgreSQL: parameters are `$1`, `$2` … */
export interface Database {
  readonly query: Query;
  /** All of the work is kept, or none of it. */
  transaction<Result>(work: (query: Query) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export type Query = (sql: string, parameters?: readonly Value[]) => Promise<readonly Row[]>;
export type Value = string | number;
export type Row = Readonly<Record<string, unknown>>;

export const TABLES = [
  `create table if not exists product (
     id text primary key, name text not null, description text not null,
     price_cents integer not null, stock integer not null check (stock >= 0))`,
  `create table if not exists customer (
     email text primary key, name text not null, since bigint not null)`,
  `create table if not exists customer_order (
     id text primary key, customer text not null, email text not null, status text not null,
     placed_at bigint not null, fulfilled_at bigint)`,
  `create table if not exists order_line (
     order_id text not null references customer_order (id), product_id text not null references product (id),
     quantity integer not null, price_cents integer not null, primary key (order_id, product_id))`,
];
