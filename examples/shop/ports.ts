/** The parts of the shop in the order they start, and where they listen unless somebody says otherwise. */
export const PARTS = ['chat', 'api', 'web', 'worker'] as const;
export type Part = (typeof PARTS)[number];
export type Ports = Readonly<Record<Part, number>>;

export const PORTS: Ports = { web: 7380, api: 7381, worker: 7382, chat: 7383 };

/** The variable that moves a part to another port. */
export const PORT_VARIABLE = {
  web: 'WEB_PORT',
  api: 'API_PORT',
  worker: 'WORKER_PORT',
  chat: 'CHAT_PORT',
} as const satisfies Record<Part, string>;
