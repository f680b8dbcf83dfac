import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createKeystore } from '@trainyard/contracts/accounts/createKeystore.ts'

/** juror: a second auditor, without whom nobody could judge what the first one accuses a seller of. */
export const roles = ['seller', 'auditor', 'juror', 'buyer'] as const
export type Role = (typeof roles)[number]
export type KeyFiles = { keystore: string; passwordFile: string }

/** Keystore and password file of each role, made on first use. Passwords lie beside the keys: devnet keys only. */
export async function devnetAccounts(folder: string): Promise<Record<Role, KeyFiles>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const entries = roles.map((role) => [role, keyFiles(folder, role)] as const)
  for (const [role, files] of entries) {
    if (existsSync(files.keystore)) continue
    writeFileSync(files.passwordFile, randomBytes(16).toString('hex'), { mode: 0o600 })
    await createKeystore({ file: files.keystore, passwordFile: files.passwordFile, name: `devnet ${role}` })
  }
  return Object.fromEntries(entries) as Record<Role, KeyFiles>
}

function keyFiles(folder: string, role: Role): KeyFiles {
  return { keystore: join(folder, `${role}.json`), passwordFile: join(folder, `${role}.password`) }
}
