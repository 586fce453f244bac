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
  NET_CERTIFICATE_UNUSABLE: {
    kind: 'invalid',
    message: 'The certificates that are set for {host} cannot be used ({code}).',
    hint: 'Check that each is PEM, and that the key belongs to the certificate: `openssl x509 -noout -in` the file.',
  },
  NET_DETOUR_FORBIDDEN: {
    kind: 'forbidden',
    message: '{host} may not be reached through {what} from here.',
    hint: 'Name it in evenkeel.yaml, where every way is allowed.',
  },
  NET_FAMILY_MISSING: {
    kind: 'unavailable',
    message: '{host} has no IPv{family} address.',
    hint: 'Publish one in its DNS zone, or do not ask for this kind of address.',
  },
  NET_HEADERS_TOO_LONG: {
    kind: 'unavailable',
    message: '{host} answered with more than {bytesMax} bytes of headers.',
    hint: 'Look for a cookie or a header that grows with each request.',
  },
  NET_PING_FAILED: {
    kind: 'unavailable',
    message: 'The program ping could not ask {address}: it said {said}.',
    hint: 'Run `ping -n -c 1` with that address on the same machine, as the same user.',
  },
  NET_PING_FORBIDDEN: {
    kind: 'forbidden',
    message: 'This machine does not let Evenkeel send a ping.',
    hint: 'As root, run `setcap cap_net_raw+p "$(command -v ping)"` or `sysctl -w net.ipv4.ping_group_range="0 2147483647"`.',
  },
  NET_PING_MISSING: {
    kind: 'unavailable',
    message: 'This machine has no program called ping.',
    hint: 'Install it: `apt-get install iputils-ping`, or `apk add iputils-ping`.',
  },
  NET_PROXY_FAILED: {
    kind: 'unavailable',
    message: 'The proxy {proxy} could not be used ({code}).',
    hint: 'Check its host and port, and that it runs.',
  },
  NET_PROXY_INVALID: {
    kind: 'invalid',
    message: 'The address of the proxy for {host} cannot be used.',
    hint: 'Write it whole, e.g. http://proxy.example:3128 or socks5://user:password@proxy.example:1080.',
  },
  NET_PROXY_MALFORMED: {
    kind: 'unavailable',
    message: 'The proxy {proxy} answered with something that is not {protocol}.',
    hint: 'Check the port, and whether its address begins with http://, https:// or socks5://.',
  },
  NET_PROXY_REFUSED: {
    kind: 'unavailable',
    message: 'The proxy {proxy} does not lead to {host}: {answer}.',
    hint: 'Check the credentials in its address, and what it allows.',
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
