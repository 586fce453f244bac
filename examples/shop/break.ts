import { PARTS, PORT_VARIABLE, PORTS } from './ports.ts';
import { FAULTS, isFault, turnSwitch } from './service/fault.ts';

/** The Node that came with the packages: an older one in the PATH cannot run TypeScript. */
const COMMAND = 'node_modules/.bin/node examples/shop/break.ts';

const [name, fault] = process.argv.slice(2);
const part = PARTS.find((candidate) => candidate === name);

if (part === undefined || fault === undefined || !isFault(fault)) {
  say(`Usage: ${COMMAND} ${PARTS.join('|')} ${FAULTS.join('|')}`);
  process.exitCode = 2;
} else {
  const port = process.env[PORT_VARIABLE[part]] ?? PORTS[part];
  if (await turnSwitch(port, fault)) {
    say(fault === 'off' ? `${part} works again.` : `${part} is broken: ${fault}. Heal it with: ${COMMAND} ${part} off`);
  } else {
    say(`Nothing breakable answers on port ${port}. Start it with: npm start`);
    process.exitCode = 1;
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
