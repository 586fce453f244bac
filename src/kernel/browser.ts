/** A web browser of this machine, as checks see it. `platform/browser` implements it. */
export interface Browser {
  /**
   * Opens a page as a visitor without any memory, and waits until `until` holds or the signal aborts. Rejects with
   * `BROWSER_MISSING` where there is none, with the signal's reason when it aborts, or `NET_*`; a page that does not
   * come is a visit with a problem.
   */
  visit(visit: PageVisit, signal: AbortSignal): Promise<PageSeen>;
}

export interface PageVisit {
  readonly url: string;
  /** What has to be there before the page counts as loaded, beside its load event. */
  readonly until: {
    /** Text that a person could read. */
    readonly text?: string;
    /** A CSS selector of something that can be seen. */
    readonly selector?: string;
  };
  readonly headers?: Readonly<Record<string, string>>;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly verifyTls: boolean;
}

export interface PageSeen {
  /** Of the document; null when it did not come at all. */
  readonly status: number | null;
  readonly title: string;
  /** What a person could read, at most 1 MiB of it. */
  readonly text: string;
  /** What `until` asked for was not there in time, or the browser's own name of what went wrong; null when all is well. */
  readonly problem: string | null;
  /** Exceptions of the page's scripts, the first 20, without addresses' queries. */
  readonly scriptErrors: readonly string[];
  readonly timings: { readonly firstByteMs: number; readonly loadMs: number; readonly totalMs: number };
  /** Taken only when something went wrong, PNG. */
  readonly picture?: Uint8Array;
}
