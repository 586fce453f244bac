/** The disk as the manifest and the generators see it. Paths are absolute; `platform/files.ts` implements it. */
export interface Files {
  /**
   * The file's text without a byte order mark, or undefined when there is none. Bytes that are not UTF-8 read as
   * U+FFFD. Throws `FILE_TOO_LONG` above the limit, `FILE_UNUSABLE` when it cannot be read.
   */
  read(path: string, limits: { readonly bytesMax: number }): Promise<string | undefined>;
  /** Names of the entries of a folder, sorted; empty when there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Creates the file and its folders; false, and nothing written, when it exists already. */
  create(path: string, text: string): Promise<boolean>;
  /** Replaces the file whole or not at all, making its folders: a reader never sees half of it. */
  replace(path: string, text: string): Promise<void>;
  /** Takes the file away, for good; nothing happens when there is none. */
  remove(path: string): Promise<void>;
}
