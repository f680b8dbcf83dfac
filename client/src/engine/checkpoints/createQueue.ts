const MAX_WAITING = 16

/** Runs one task at a time, in the order in which they came. */
export type Queue = {
  isFull(): boolean
  run<T>(task: () => Promise<T>): Promise<T>
}

export function createQueue(): Queue {
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  return {
    isFull: () => waiting >= MAX_WAITING,
    async run(task) {
      waiting++
      const result = last.then(task)
      last = result.catch(() => undefined)
      try {
        return await result
      } finally {
        waiting--
      }
    },
  }
}
