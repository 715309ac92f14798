import { Button } from 'antd'
import { useGo } from '../kit/link.tsx'
import { useCommand } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { lesson } from './api.ts'

/** Begins (or opens again) the notes of a lesson and goes there. */
export function useStart() {
  const go = useGo()
  return useCommand(lesson.startObservation, { onSuccess: ({ id }) => go(paths.observation(id)) })
}

/** Opens the notes of a lesson, beginning them where there are none. */
export function ObserveButton({ id, size = 'small' }: { id: string; size?: 'small' | 'middle' }) {
  const start = useStart()
  return (
    <Button
      size={size}
      type="primary"
      loading={start.running}
      onClick={() => void start.run({ lessonId: id })}
    >
      写听课记录
    </Button>
  )
}
