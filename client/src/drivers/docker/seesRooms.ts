import { OUTPUT_TARGET } from './containerOptions.ts'
import { containerOf, type Engine } from './engine.ts'
import { engineCall, refusalOf } from './engineCall.ts'

/** mkfs makes it in every ext4 file system; nothing else in a room is there before its job has run. */
const MARK = `${OUTPUT_TARGET}/lost+found`

/** Whether a run's container, created and not yet started, has the room and not the empty folder below it. */
export async function seesRooms(engine: Engine, runId: string): Promise<boolean> {
  try {
    await engineCall(`look into run ${runId}`, () => containerOf(engine, runId).infoArchive({ path: MARK }))
    return true
  } catch (error) {
    if (refusalOf(error) === 404) return false
    throw error
  }
}
