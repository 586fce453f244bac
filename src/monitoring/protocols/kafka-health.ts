import type { Cluster, Partition } from './kafka-cluster.ts';
import { shown } from './shown.ts';

export interface ClusterHealth {
  /** Why it cannot be used, as a sentence. */
  readonly complaint: string | undefined;
  /** Why it should not stay like this, as sentences. */
  readonly warnings: readonly string[];
  readonly readings: Readonly<Record<'brokers' | 'partitions' | 'leaderless' | 'under_replicated', number>>;
}

/** https://kafka.apache.org/protocol#protocol_error_codes */
const LEADER_NOT_AVAILABLE = 5;
const TOPIC_AUTHORIZATION_FAILED = 29;

/** `topic` is the one that has to work; without one, all that are there should. */
export function judgeCluster(cluster: Cluster, topic: string | undefined): ClusterHealth {
  const all = cluster.topics.flatMap(({ name, partitions }) => partitions.map((each) => ({ ...each, topic: name })));
  const leaderless = all.filter(({ hasLeader }) => !hasLeader);
  const behind = all.filter(({ copies, inSync }) => inSync < copies);
  const noLeader = leaderless[0] && `${count(leaderless, all)} no leader, e.g. ${placeOf(leaderless[0])}.`;
  const isLate =
    behind[0] && `${count(behind, all)} copies that are behind, e.g. ${placeOf(behind[0])} (${sync(behind[0])}).`;
  const noController = cluster.controller < 0 ? 'The cluster has no controller.' : undefined;
  const missing = topic === undefined ? undefined : complaintAbout(cluster, topic);
  const isUnusable = topic !== undefined && noLeader !== undefined;
  return {
    complaint: missing ?? (isUnusable ? noLeader : undefined),
    warnings: [noController, noLeader, isLate].filter((warning) => warning !== undefined),
    readings: {
      brokers: cluster.brokers,
      partitions: all.length,
      leaderless: leaderless.length,
      under_replicated: behind.length,
    },
  };
}

function complaintAbout({ topics }: Cluster, topic: string): string | undefined {
  const [found] = topics;
  if (found?.error === TOPIC_AUTHORIZATION_FAILED) return `This user may not see the topic ${topic}.`;
  // A leader is missing of some partition, which is told there.
  if (found?.error === 0 || (found?.error === LEADER_NOT_AVAILABLE && found.partitions.length > 0)) return undefined;
  if (found?.error === LEADER_NOT_AVAILABLE) return `The topic ${topic} has no leader yet.`;
  return `There is no topic ${topic}, or this user may not see it.`;
}

function count(some: readonly unknown[], all: readonly unknown[]): string {
  return `${some.length} of ${all.length} partitions ${some.length === 1 ? 'has' : 'have'}`;
}

function placeOf({ topic, index }: { readonly topic: string; readonly index: number }): string {
  return `${shown(topic)} ${index}`;
}

function sync({ copies, inSync }: Partition): string {
  return `${inSync} of ${copies} in sync`;
}
