/** Everything a monitor needs, direct ones first and then those behind them, without itself. */
export function dependenciesOf(name: string, dependsOn: (name: string) => readonly string[]): readonly string[] {
  const found = new Set([name]);
  for (const each of found) {
    for (const dependency of dependsOn(each)) found.add(dependency);
  }
  found.delete(name);
  return [...found];
}
