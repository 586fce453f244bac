/** Who depends on whom, and who is failing now; nothing else decides what explains a failure. */
export interface Failures {
  readonly dependsOn: (name: string) => readonly string[];
  /** Whether it fails in a way that explains the failure of `of`. */
  readonly isFailing: (name: string, of: string) => boolean;
}

/**
 * The failing monitor that explains this one: the deepest failing dependency that is reached through failing ones,
 * the first declared where there are several. A monitor without failing dependencies is its own cause.
 */
export function rootCauseOf(name: string, failures: Failures, path: readonly string[] = []): string {
  for (const dependency of failures.dependsOn(name)) {
    const isCycle = path.includes(dependency) || dependency === name;
    if (isCycle || !failures.isFailing(dependency, name)) continue;
    return rootCauseOf(dependency, failures, [...path, name]);
  }
  return name;
}
