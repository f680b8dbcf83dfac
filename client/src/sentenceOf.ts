import { KeystoreError } from '@trainyard/contracts/accounts/KeystoreError.ts'
import { ChainError, ChainUnreachable, WrongChain } from '@trainyard/contracts/errors.ts'
import { ContentUnavailable } from '@trainyard/verifier/content/errors.ts'
import { VerifierError } from '@trainyard/verifier/errors.ts'
import { DriverError } from './drivers/driverErrors.ts'
import { ClientError } from './errors.ts'

/** What a command that failed tells: one message, what to do next, and how it exits (75: try again later). */
export type Failure = {
  error: string
  message: string
  moneyMoved: boolean | 'unknown'
  suggestion: string
  exitCode: 1 | 75
}

/** Turns whatever was thrown into words for people. */
export function sentenceOf(error: unknown): Failure {
  if (error instanceof ClientError) return failure(error, error.message, error.suggestion, error.exitCode)
  if (error instanceof ChainError) return failure(error, error.shortMessage, error.suggestion, 1)
  if (error instanceof ChainUnreachable) {
    const message = error.message.replace(error.suggestion, '').trim()
    return failure(error, message, error.suggestion, 75)
  }
  if (error instanceof WrongChain || error instanceof KeystoreError) {
    return failure(error, error.message.replace(error.suggestion, '').trim(), error.suggestion, 1)
  }
  if (error instanceof DriverError) {
    return failure(error, error.message, error.suggestion, error.retryable ? 75 : 1)
  }
  if (error instanceof VerifierError) {
    return failure(error, error.message, error.suggestion, error instanceof ContentUnavailable ? 75 : 1)
  }
  if (isFullDisk(error)) {
    const message = `The disk is full: ${error.message}.`
    return failure(error, message, 'Free some space and run the command again.', 1)
  }
  const message = error instanceof Error ? error.message : String(error)
  return failure(error, message, 'If this is no mistake of yours, report it with the log.', 1)
}

function failure(error: unknown, message: string, suggestion: string, exitCode: 1 | 75): Failure {
  const moneyMoved = error instanceof ChainUnreachable ? error.moneyMoved : false
  const name = error instanceof Error ? error.name : 'Error'
  return { error: name, message, moneyMoved, suggestion, exitCode }
}

function isFullDisk(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC'
}
