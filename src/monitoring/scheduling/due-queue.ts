/** A binary heap of keys by the instant they are due: finding the next of ten thousand costs next to nothing. */
export interface DueQueue<Key> {
  push(key: Key, dueAt: number): void;
  /** The earliest entry, or undefined. */
  peek(): Due<Key> | undefined;
  pop(): Due<Key> | undefined;
}

export interface Due<Key> {
  readonly key: Key;
  readonly dueAt: number;
}

export function createDueQueue<Key>(): DueQueue<Key> {
  const heap: Due<Key>[] = [];
  const dueAt = (index: number) => heap[index]?.dueAt ?? Number.POSITIVE_INFINITY;

  return {
    push(key, at) {
      heap.push({ key, dueAt: at });
      rise(heap.length - 1);
    },
    peek: () => heap[0],
    pop() {
      const first = heap[0];
      const last = heap.pop();
      if (heap.length > 0 && last !== undefined) {
        heap[0] = last;
        sink(0);
      }
      return first;
    },
  };

  function rise(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (dueAt(parent) <= dueAt(index)) return;
      swap(parent, index);
      index = parent;
    }
  }

  function sink(start: number): void {
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      const smaller = dueAt(left + 1) < dueAt(left) ? left + 1 : left;
      if (dueAt(smaller) >= dueAt(index)) return;
      swap(smaller, index);
      index = smaller;
    }
  }

  function swap(one: number, other: number): void {
    const [a, b] = [heap[one], heap[other]];
    if (a === undefined || b === undefined) return;
    heap[one] = b;
    heap[other] = a;
  }
}
