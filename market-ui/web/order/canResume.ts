import { isResumable } from '@trainyard/contracts/isResumable.ts'
import { closeReasons } from '@trainyard/contracts/words.ts'
import type { Order } from '../../server/api/schemas.ts'

/** Whether new orders may begin with this one's last checkpoint: what it committed was proved. */
export const canResume = ({
  settledAt,
  windows,
  closeReason,
}: Pick<Order, 'settledAt' | 'windows' | 'closeReason'>): boolean =>
  isResumable({
    settledAt,
    windows: windows.length,
    closeReason: closeReasons[(closeReason ?? 'NONE') as keyof typeof closeReasons] ?? 0,
  })
