const STEP_MS = 25

/** Asks until the answer is wanted; rejects with the last one after `timeoutMs`. */
export const waitFor = async <T>(
  ask: () => Promise<T>,
  isWanted: (answer: T) => boolean,
  timeoutMs = 15_000,
): Promise<T> => {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (isWanted(answer)) return answer
    if (Date.now() > deadline)
      throw new Error(`Not in ${timeoutMs} ms; last: ${JSON.stringify(answer)?.slice(0, 2000)}`)
    await new Promise((resolve) => setTimeout(resolve, STEP_MS))
  }
}
