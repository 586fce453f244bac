/** Who depends on whom, and who is failing now; nothing else decides what explains a failure. */
export interface Failures {
  readonly dependsOn: (name: string) => readonly string[];
  readonly isFailing: (name: string) => boolean;
}

/**
 * The failing monitor that explains this one: the deepest failing dependency that is reached through failing ones,
 * the first declared where there are several. A monitor without failing dependencies is its own cause.
 */
export function rootCauseOf(name: string, failures: Failures, path: readonly string[] = []): string {
  for (const dependency of failures.dependsOn(name)) {
    const isCycle = path.includes(dependency) || dependency === name;
    if (isCycle || !failures.isFailing(dependency)) continue;
    return rootCauseOf(dependency, failures, [...path, name]);
  }
  return name;
}
