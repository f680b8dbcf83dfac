/** Names of the chain's enums (interfaces/Types.sol) and close reasons (libraries/CloseReasons.sol). */

export const proofModes = ['None', 'Bitwise', 'Tolerance', 'Refereed'] as const
export const orderStatuses = [
  'None',
  'Preparing',
  'Training',
  'Auditing',
  'Disputed',
  'Completed',
  'Failed',
  'Cancelled',
  'Expired',
  'Unaudited',
] as const
export const machineStatuses = ['None', 'Idle', 'ForRent', 'Renting'] as const
export const auditOutcomes = [
  'Pending',
  'Pass',
  'Fail',
  'Unavailable',
  'Unaudited',
  'Fault',
  'Mismatch',
  'NotDeterministic',
  'Undecided',
  'Mismatches',
] as const
export const disputeStages = ['None', 'Answering', 'Drawing', 'Voting', 'Closed'] as const
export const taskStages = [
  'None',
  'Drawing',
  'Committing',
  'Revealing',
  'Closing',
  'Agreed',
  'Abandoned',
] as const
export const holdReasons = ['Escrow', 'Stake'] as const

const enums = {
  ProofMode: proofModes,
  OrderStatus: orderStatuses,
  MachineStatus: machineStatuses,
  AuditOutcome: auditOutcomes,
  HoldReason: holdReasons,
  DisputeStage: disputeStages,
  TaskStage: taskStages,
} as const

export type EnumName = keyof typeof enums
export type NamesOf<E extends EnumName> = (typeof enums)[E][number]
export type OrderStatus = NamesOf<'OrderStatus'>
export type AuditOutcome = NamesOf<'AuditOutcome'>
export type ProofMode = NamesOf<'ProofMode'>

/** Why an order ended: buyer 1.., seller 10000.., network 20000.. */
export const closeReasons = {
  NONE: 0,
  BUYER_CANCELLED: 1,
  JOB_NOT_DETERMINISTIC: 2,
  JOB_STALLED: 3,
  JOB_INVALID: 4,
  JURY_DIFFERED: 5,
  WORK_COMPLETED: 10000,
  SELLER_DID_NOT_START: 10001,
  SELLER_GAVE_UP: 10002,
  SELLER_OVERRAN: 10003,
  FRAUD_PROVED: 10004,
  CHECKPOINTS_UNAVAILABLE: 10005,
  FAULT_PROVED: 10006,
  MACHINE_SILENT: 10007,
  AUDITORS_SILENT: 20000,
  MISMATCH: 20001,
  MISMATCHES: 20002,
} as const

export type CloseReason = keyof typeof closeReasons

/** The name of a close reason's number, or undefined for one this version does not know. */
export function closeReasonName(reason: number): CloseReason | undefined {
  return (Object.keys(closeReasons) as CloseReason[]).find((name) => closeReasons[name] === reason)
}

/** The same as people read it, such as "work completed". */
export function closeReasonWords(reason: number): string {
  return (closeReasonName(reason) ?? String(reason)).toLowerCase().replaceAll('_', ' ')
}

/** Names of the enum behind an ABI's internal type such as `enum OrderStatus`. */
export function enumNames(internalType: string | null | undefined): readonly string[] | undefined {
  const name = internalType?.startsWith('enum ') ? internalType.slice(5) : undefined
  return name && Object.hasOwn(enums, name) ? enums[name as EnumName] : undefined
}
