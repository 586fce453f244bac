/** A web browser of this machine, as checks see it. `platform/browser` implements it. */
export interface Browser {
  /**
   * Opens a page as a visitor without any memory, and waits until `until` holds or its patience ends. Whatever the page
   * asks for on its way goes through us: nothing reaches the metadata of a cloud, and a page of the internet nothing but
   * the internet. Rejects with `BROWSER_MISSING` or `BROWSER_UNUSABLE` where there is none, with
   * `BROWSER_BUSY` when the deadline comes before its turn, with the signal's reason when
   * it aborts, and with a Node system error code or `NET_*` when the host of the page cannot be reached; a page that does
   * not come for other reasons is a visit with a problem.
   */
  visit(visit: PageVisit, signal: AbortSignal): Promise<PageSeen>;
}

export interface PageVisit {
  readonly url: string;
  /** What has to be there before the page counts as loaded, beside its load event. */
  readonly until: {
    /** Text that a person could read; spaces and line breaks are all the same. */
    readonly text?: string;
    /** A CSS selector of something that can be seen. */
    readonly selector?: string;
  };
  /** Sent to the origin of `url` alone, and to nobody the page takes anything from. */
  readonly headers?: Readonly<Record<string, string>>;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly verifyTls: boolean;
  /** How long the page may take, the start of the browser included; after that it is looked at as it is. */
  readonly patienceMs: number;
  /** Whether to take a picture, asked once there is something to be seen. */
  readonly isWorthAPicture: (seen: Omit<PageSeen, 'picture'>) => boolean;
}

/** Why a page is not as it should be: too slow, without what was waited for, or as the browser calls it. */
export type PageProblem =
  | { readonly kind: 'slow' }
  | { readonly kind: 'text missing' | 'selector missing' | 'selector invalid' }
  | { readonly kind: 'download' }
  | { readonly kind: 'crash' }
  /** E.g. `ERR_CERT_DATE_INVALID`. */
  | { readonly kind: 'browser'; readonly code: string };

export interface PageSeen {
  /** Of the document; null when it did not come at all. */
  readonly status: number | null;
  readonly title: string;
  /** What a person could read, at most 1 MiB of it. */
  readonly text: string;
  /** Null when all is well. */
  readonly problem: PageProblem | null;
  /** Exceptions of the page's scripts, the first 20, without addresses' queries. */
  readonly scriptErrors: readonly string[];
  /** From the beginning of the request; a moment that did not come is null. */
  readonly timings: { readonly firstByteMs: number | null; readonly loadMs: number | null; readonly totalMs: number };
  /** Taken where the visit found it worth one and it could be taken, PNG. */
  readonly picture?: Uint8Array;
}
