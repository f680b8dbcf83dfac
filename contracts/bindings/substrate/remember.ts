/** Asks once for each key, and keeps the last `limit` answers; what failed is asked again. */
export function remember<T>(limit: number, ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>()
  return (key) => {
    const before = known.get(key)
    if (before) return before
    const answer = ask(key)
    known.set(key, answer)
    answer.catch(() => known.delete(key))
    for (const oldest of known.keys()) {
      if (known.size <= limit) break
      known.delete(oldest)
    }
    return answer
  }
}
