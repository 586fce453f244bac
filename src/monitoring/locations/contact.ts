import type { Tx } from '../../contracts/database.ts';
import * as locationStore from './location-store.ts';

export interface Contact {
  readonly environment: string;
  readonly location: string;
  readonly at: number;
  /** The version of the probe. */
  readonly version: string;
}

/** A probe has spoken: whoever waited for it hears that it is back. Its row stays locked until the unit of work ends. */
export async function contactOf(
  tx: Tx,
  { environment, location, at, version }: Contact,
): Promise<locationStore.LocationRecord> {
  const { number } = await locationStore.ensure(tx, environment, { name: location, at });
  await locationStore.setSeen(tx, environment, { number, at, version });
  if (await locationStore.setFound(tx, environment, number)) {
    await tx.emit('coverage.restored', { environment, what: `location ${location}`, at });
  }
  return locationStore.ensure(tx, environment, { name: location, at });
}
