type Failure = { code?: string; name?: string; message?: string; address?: string; port?: number }

/** One sentence on why the engine did not answer, and what to do about it. */
export function describeEngineFailure(
  error: unknown,
  timeoutMs: number,
): { reason: string; suggestion: string } {
  const { code, name, message, ...at } = firstOf(error)
  if (code === 'ENOENT') {
    return {
      reason: 'no Docker daemon: its socket does not exist',
      suggestion: 'Install Docker and start it.',
    }
  }
  if (code === 'ECONNREFUSED') return describeRefusal(at)
  if (code === 'EACCES' || code === 'EPERM') {
    return {
      reason: 'this user may not use the Docker socket',
      suggestion: 'Add the user to the group docker and log in again.',
    }
  }
  if (name === 'TimeoutError' || name === 'AbortError' || message === 'socket hang up') {
    return {
      reason: `the Docker daemon did not answer within ${timeoutMs} ms`,
      suggestion: 'Look at the Docker daemon; restart it if it hangs.',
    }
  }
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return {
      reason: 'the Docker daemon broke the connection off',
      suggestion: 'It may be restarting; try again.',
    }
  }
  return { reason: message ?? String(error), suggestion: 'Check DOCKER_HOST and the Docker daemon.' }
}

/** A name with several addresses fails with one error for each. */
function firstOf(error: unknown): Failure {
  return error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : (error as Failure)
}

function describeRefusal({ address, port }: Failure): { reason: string; suggestion: string } {
  if (address !== undefined && port !== undefined) {
    const host = address.includes(':') ? `[${address}]` : address
    return {
      reason: `nothing listens on tcp://${host}:${port}`,
      suggestion: 'Start the Docker daemon there, or correct DOCKER_HOST.',
    }
  }
  return {
    reason: 'the Docker socket is there but nothing listens on it (a stopped daemon left it behind)',
    suggestion: 'Start the Docker daemon.',
  }
}
