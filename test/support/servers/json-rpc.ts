import { type Reply, type RoutesServer, serveRoutes } from './routes.ts';
import type { Ending } from './server.ts';

export interface RpcError {
  readonly code: number;
  readonly message: string;
}

export interface RpcOptions {
  readonly path?: string;
  readonly authorization?: string;
  /** What errors are sent with, as servers differ. Default 200. */
  readonly errorStatus?: number;
}

/** Answers each method with its result, or with an error where that is a function. */
export function serveRpc(
  ending: Ending,
  results: Readonly<Record<string, unknown>>,
  { path = '/', authorization, errorStatus = 200 }: RpcOptions = {},
): Promise<RoutesServer> {
  return serveRoutes(
    ending,
    {
      [`POST ${path}`]: ({ body }): Reply => {
        const { id, method, jsonrpc } = JSON.parse(body) as { id: unknown; method: string; jsonrpc: string };
        const known = Object.hasOwn(results, method) ? results[method] : () => UNKNOWN;
        if (typeof known !== 'function')
          return { json: { jsonrpc, id, result: known, ...(jsonrpc === '1.0' && { error: null }) } };
        return {
          status: errorStatus,
          json: { jsonrpc, id, error: known() as RpcError, ...(jsonrpc === '1.0' && { result: null }) },
        };
      },
    },
    authorization === undefined ? {} : { authorization },
  );
}

const UNKNOWN: RpcError = { code: -32_601, message: 'the method does not exist/is not available' };
