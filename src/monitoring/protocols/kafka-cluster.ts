import { Complaint } from './conversation.ts';
import { type Fields, foreign, int32, type KafkaWire, text } from './kafka-wire.ts';

/** What one broker knows of all of them. */
export interface Cluster {
  readonly brokers: number;
  /** -1 for none. */
  readonly controller: number;
  readonly topics: readonly Topic[];
}

export interface Topic {
  /** https://kafka.apache.org/protocol#protocol_error_codes */
  readonly error: number;
  readonly name: string;
  readonly partitions: readonly Partition[];
}

export interface Partition {
  readonly index: number;
  readonly hasLeader: boolean;
  readonly copies: number;
  /** How many of the copies are up to date. */
  readonly inSync: number;
}

const API_VERSIONS = { key: 18, version: 0 };
const METADATA_KEY = 3;
/** The first that can ask for a topic without making it; later ones tell nothing that is needed here. */
const METADATA_VERSION = 4;
const ALL = int32(-1);
const NO_CREATION = Buffer.from([0]);

/** The version of Metadata to ask in. Throws a `Complaint` if there is none in common. */
export async function versionInCommon(wire: KafkaWire): Promise<number> {
  const answer = await wire.ask(API_VERSIONS, Buffer.alloc(0));
  if (answer.int16() !== 0) throw foreign();
  const apis = answer.array(() => ({ key: answer.int16(), least: answer.int16(), most: answer.int16() }));
  const metadata = apis.find(({ key }) => key === METADATA_KEY);
  const version = Math.min(metadata?.most ?? 0, METADATA_VERSION);
  if (metadata !== undefined && version >= 1 && version >= metadata.least) return version;
  throw new Complaint('speaks no version of the Kafka protocol that is known here');
}

/** All topics, or the one that is asked for. */
export async function lookUp(wire: KafkaWire, version: number, topic: string | undefined): Promise<Cluster> {
  const canAskForOne = version >= METADATA_VERSION;
  const topics = topic === undefined || !canAskForOne ? ALL : Buffer.concat([int32(1), text(topic)]);
  const body = canAskForOne ? Buffer.concat([topics, NO_CREATION]) : topics;
  const cluster = clusterIn(await wire.ask({ key: METADATA_KEY, version }, body), version);
  return topic === undefined ? cluster : { ...cluster, topics: cluster.topics.filter(({ name }) => name === topic) };
}

export function clusterIn(answer: Fields, version: number): Cluster {
  // How long we are slowed down, from version 3 on.
  if (version >= 3) answer.int32();
  const brokers = answer.array(() => {
    const id = answer.int32();
    answer.text();
    answer.int32();
    answer.text();
    return id;
  });
  // The name of the cluster, from version 2 on.
  if (version >= 2) answer.text();
  const controller = answer.int32();
  return { brokers: brokers.length, controller, topics: answer.array(() => topicIn(answer)) };
}

function topicIn(answer: Fields): Topic {
  const [error, name] = [answer.int16(), answer.text() ?? ''];
  answer.int8();
  return { error, name, partitions: answer.array(() => partitionIn(answer)) };
}

function partitionIn(answer: Fields): Partition {
  answer.int16();
  const [index, leader] = [answer.int32(), answer.int32()];
  const numbers = () => answer.array(() => answer.int32()).length;
  return { index, hasLeader: leader >= 0, copies: numbers(), inSync: numbers() };
}
