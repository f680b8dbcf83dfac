import { chmod, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type FakeGpu = { bus: string; model: string; uuid: string; totalMiB: number; power: string }

/** The power readings of one GPU as drivers of three generations write them. */
export const POWER = {
  v11: '<power_readings><power_draw>54.10 W</power_draw><power_limit>250.00 W</power_limit></power_readings>',
  v12: '<gpu_power_readings><power_draw>61.20 W</power_draw><current_power_limit>300.00 W</current_power_limit></gpu_power_readings>',
  v13: '<gpu_power_readings><average_power_draw>N/A</average_power_draw><instant_power_draw>68.92 W</instant_power_draw><current_power_limit>700.00 W</current_power_limit></gpu_power_readings>',
  none: '<gpu_power_readings><instant_power_draw>Requested functionality has been deprecated</instant_power_draw><current_power_limit>N/A</current_power_limit></gpu_power_readings>',
}

/** XML in the shape of `nvidia-smi -q -x` of nvsmi_device_v13. Built for these tests, not recorded anywhere. */
export function smiXml(gpus: readonly FakeGpu[]): string {
  const list = gpus.map(
    ({ bus, model, uuid, totalMiB, power }) => `
	<gpu id="${bus}">
		<product_name>${model}</product_name>
		<uuid>${uuid}</uuid>
		<minor_number>0</minor_number>
		<fb_memory_usage><total>${totalMiB} MiB</total><reserved>600 MiB</reserved><used>0 MiB</used><free>1 MiB</free></fb_memory_usage>
		<utilization><gpu_util>0 %</gpu_util></utilization>
		<temperature><gpu_temp>29 C</gpu_temp></temperature>
		${power}
		<mig_mode><current_mig>Disabled</current_mig></mig_mode>
		<mig_devices>None</mig_devices>
		<processes>
		</processes>
	</gpu>`,
  )
  return `<?xml version="1.0" ?>
<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v13.dtd">
<nvidia_smi_log>
	<timestamp>Fri Nov 20 09:00:00 2026</timestamp>
	<driver_version>580.65.06</driver_version>
	<cuda_version>13.0</cuda_version>
	<attached_gpus>${gpus.length}</attached_gpus>${list.join('')}
</nvidia_smi_log>
`
}

export type Mode = 'ok' | 'warn' | 'nodriver' | 'hang'

/** A directory with an executable nvidia-smi that answers like the real one does in this mode. */
export async function fakeNvidiaSmi(mode: Mode, xml: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'trainyard-smi-'))
  await writeFile(join(dir, 'answer.xml'), xml)
  const answer = `cat ${join(dir, 'answer.xml')}`
  const body = {
    ok: answer,
    warn: `echo 'WARNING: infoROM is corrupted at gpu 0000:01:00.0' >&2\n${answer}`,
    nodriver: `echo "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."\nexit 9`,
    hang: `echo $$ > ${join(dir, 'pid')}\nexec sleep 1000`,
  }[mode]
  const path = join(dir, 'nvidia-smi')
  await writeFile(path, `#!/bin/sh\n${body}\n`)
  await chmod(path, 0o755)
  return dir
}
