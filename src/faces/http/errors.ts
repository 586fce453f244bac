import { defineErrors } from '../../kernel/errors.ts';

export const errors = defineErrors({
  HTTP_ROUTE_UNKNOWN: {
    kind: 'not_found',
    message: 'There is nothing at {method} {path}.',
    hint: 'See /api/v1/openapi.json for everything there is.',
  },
  HTTP_MONITOR_UNKNOWN: {
    kind: 'not_found',
    message: 'There is no monitor {name}.',
    hint: '{nearest}List them with `evenkeel monitor list`.',
  },
  HTTP_MONITOR_NOT_ASKED: {
    kind: 'conflict',
    message: 'The monitor {name} was not checked, because its checks rest or nothing could be found out.',
    hint: 'See why with `evenkeel monitor show {name}`. One that is paused is checked again after `evenkeel monitor resume {name}`.',
  },
  HTTP_PICTURE_UNKNOWN: {
    kind: 'not_found',
    message: 'No picture of {name} was taken at that moment, or it is not kept any more.',
    hint: 'See which are kept with `evenkeel monitor show {name}`.',
  },
  HTTP_OBJECTIVE_UNKNOWN: {
    kind: 'not_found',
    message: 'Nothing is promised under the name {name}.',
    hint: 'List what is with `evenkeel slo list`; `slo:` at a service in evenkeel.yaml adds a promise.',
  },
  HTTP_BACKUP_SOURCE_UNKNOWN: {
    kind: 'not_found',
    message: 'Nothing named {service} is backed up.',
    hint: '{nearest}`evenkeel status` lists what is; `backup: true` at a service in evenkeel.yaml adds one.',
  },
  HTTP_TOKEN_MISSING: {
    kind: 'unauthorized',
    message: 'This needs the role "{role}", and the request carries no token.',
    hint: 'Send `Authorization: Bearer ek_…`; `evenkeel token create` on the server makes one.',
  },
  HTTP_ROLE_MISSING: {
    kind: 'forbidden',
    message: 'This needs the role "{role}"; the token has the role "{own}".',
    hint: 'Ask an owner for a token with that role.',
  },
  HTTP_PROBE_TOKEN_MISSING: {
    kind: 'unauthorized',
    message: 'This is for probes, and the request carries no token of one.',
    hint: 'Make one with `evenkeel token create --kind probe --location <name>`, and give it in EVENKEEL_TOKEN.',
  },
  HTTP_PROBE_ONLY: {
    kind: 'forbidden',
    message: 'This is for probes only; no role opens it.',
    hint: 'Make a token for one with `evenkeel token create --kind probe --location <name>`.',
  },
  HTTP_TOO_MANY_REQUESTS: {
    kind: 'too_many',
    message: 'More than {max} requests in {seconds} s.',
    hint: 'Wait as many seconds as the Retry-After header says, then go on more slowly.',
  },
  HTTP_BODY_TOO_LONG: {
    kind: 'too_large',
    message: 'The body is longer than {max} bytes.',
    hint: 'Send less.',
  },
  HTTP_BODY_NOT_JSON: {
    kind: 'invalid',
    message: 'The body is not a JSON object.',
    hint: 'Send a JSON object with `Content-Type: application/json`, or nothing.',
  },
  HTTP_INPUT_INVALID: {
    kind: 'invalid',
    message: '{problems}',
    hint: 'See /api/v1/openapi.json for what this address takes.',
  },
  HTTP_REQUEST_INVALID: {
    kind: 'invalid',
    message: 'The request cannot be understood ({cause}).',
    hint: 'Check the address and the headers.',
  },
  HTTP_DEFECT: {
    kind: 'defect',
    message: 'Something broke on our side.',
    hint: 'The log of the server has the details, under the request id {request}.',
  },
  HTTP_PORT_TAKEN: {
    kind: 'conflict',
    message: 'Port {port} on {host} is taken by another program.',
    hint: 'Stop that program, or choose another port: EVENKEEL_PORT={free} evenkeel serve',
  },
  HTTP_ADDRESS_UNUSABLE: {
    kind: 'unavailable',
    message: 'Cannot listen on {host}, port {port} ({cause}).',
    hint: 'Choose an address of this machine with EVENKEEL_HOST and a port above 1023 with EVENKEEL_PORT.',
  },
  HTTP_SOCKET_TAKEN: {
    kind: 'conflict',
    message: 'Another Evenkeel answers on the admin socket {path}.',
    hint: 'Stop it first, or give this one a data folder of its own with EVENKEEL_DATA_DIR.',
  },
  HTTP_SOCKET_UNUSABLE: {
    kind: 'unavailable',
    message: 'The admin socket {path} cannot be opened ({cause}).',
    hint: 'Choose a data folder that you own, and whose path is shorter than 90 characters, with EVENKEEL_DATA_DIR.',
  },
  HTTP_PROXY_INVALID: {
    kind: 'invalid',
    message: '"{entry}" in EVENKEEL_TRUSTED_PROXIES is neither an address nor a network.',
    hint: 'Write addresses or networks separated by commas, for example 10.0.0.0/8,127.0.0.1.',
  },
});
