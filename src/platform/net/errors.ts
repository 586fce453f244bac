import { defineErrors } from '../../kernel/errors.ts';

/** Hosts and ports only: a path or a query may carry a secret. */
export const errors = defineErrors({
  NET_ADDRESS_FORBIDDEN: {
    kind: 'forbidden',
    message: '{host} leads to a {range} address, which may not be reached from here.',
    hint: 'Name a host with a public address, or name this one in evenkeel.yaml, where every address is allowed.',
  },
  NET_ANSWER_MALFORMED: {
    kind: 'unavailable',
    message: '{host} answered with something that is not HTTP ({code}).',
    hint: 'Check the port; try `curl -v` against it from the same machine.',
  },
  NET_HEADERS_TOO_LONG: {
    kind: 'unavailable',
    message: '{host} answered with more than {bytesMax} bytes of headers.',
    hint: 'Look for a cookie or a header that grows with each request.',
  },
  NET_REDIRECT_FORBIDDEN: {
    kind: 'forbidden',
    message: '{host} redirects this request to {target}, which must not receive its body.',
    hint: 'Write the final address into the setting, so that no redirect to another host is needed.',
  },
  NET_REDIRECT_INVALID: {
    kind: 'unavailable',
    message: '{host} redirects to something that is not an http or https address.',
    hint: 'Look at its Location header with `curl -sI`.',
  },
  NET_SCHEME_FORBIDDEN: {
    kind: 'forbidden',
    message: '{host} may not be reached over {scheme} from here.',
    hint: 'Use {allowed}.',
  },
  NET_URL_INVALID: {
    kind: 'invalid',
    message: 'The address to request is not a valid http or https URL.',
    hint: 'Write it whole, e.g. https://shop.example/health.',
  },
});
