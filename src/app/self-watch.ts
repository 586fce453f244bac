import type { AppModel } from '../contracts/app-model.ts';
import { Secret } from '../kernel/secret.ts';

/** What there is to watch in an empty folder: ourselves. It shows a newcomer what a described application looks like. */
export function selfModel(environment: string, address: string): AppModel {
  return {
    app: 'evenkeel',
    environment,
    environments: [environment],
    services: [
      {
        name: 'evenkeel',
        description: 'This server. Describe your application in evenkeel.yaml to watch that instead.',
        was: [],
        source: null,
        engine: null,
        url: new Secret(address, 'own address'),
        health: '/health',
        dependsOn: [],
      },
    ],
  };
}
