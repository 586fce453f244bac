import { errors } from './engine-errors.ts';

/** Why a database cannot be used, in plain words. */
export interface Trouble {
  /** For people, without anything secret. */
  readonly where: string;
  readonly cause: string;
  /** What helps, a whole sentence, when it is known. */
  readonly remedy?: string;
}

/** The same trouble is another error for what is read out and for what is restored into. */
export type Refusal = (trouble: Trouble, options?: ErrorOptions) => Error;

export const asSource: Refusal = ({ where, cause }, options) =>
  errors.BACKUP_SOURCE_UNUSABLE({ where, cause }, options);

/** The place that somebody typed behind `--to`. */
export const asTarget: Refusal = ({ where, cause, remedy }, options) => {
  const advice = remedy ?? 'Check the address behind `--to`, and that its server answers.';
  return errors.BACKUP_TARGET_UNUSABLE({ where, cause, remedy: advice }, options);
};

/** The server of the source, into which a restore puts a new database; its address is in the manifest. */
export const asNeighbour: Refusal = ({ where, cause }, options) => {
  const remedy = 'Check the `url` of the service in evenkeel.yaml, and that the server answers.';
  return errors.BACKUP_TARGET_UNUSABLE({ where, cause, remedy }, options);
};
