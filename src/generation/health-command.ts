const ASKED = /https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|\w+)(?::[\w${}:-]+)?(?<path>\/[\w./~-]+)/;

/** The path that a health check's command asks for, as in `curl -f http://localhost:8080/health || exit 1`. */
export function pathAskedFor(command: string): string | undefined {
  return ASKED.exec(command)?.groups?.['path'];
}
