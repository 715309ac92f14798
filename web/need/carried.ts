import { guidanceCourseTag } from '../../server/need/words.ts'
import { useFilters } from '../kit/link.tsx'
import { useApi } from '../kit/queries.ts'
import { notify } from '../kit/toast.tsx'
import { need } from './api.ts'

interface Lists {
  kinds: { id: string }[]
  forms: { id: string }[]
  contentTags: { id: string }[]
}

/**
 * The module that a new activity is to carry (`?module=` in the address): what it says is filled into the plan, and the
 * activity is entered under it once it is published.
 */
export function useCarriedModule(): {
  isPending: boolean
  title: string | null
  values(lists: Lists): Record<string, unknown>
  link(activityId: string): void
} {
  const [{ module: id }] = useFilters({ module: '' })
  const query = useApi(need.getModule, id === '' ? null : { id })
  const module = query.data
  return {
    isPending: id !== '' && !module && !query.error,
    title: module?.title ?? null,
    values(lists) {
      if (!module) return {}
      const has = (terms: { id: string }[], term: string) => terms.some((one) => one.id === term)
      const tags = [module.contentTag, ...(module.guidanceCourse ? [guidanceCourseTag] : [])]
      return {
        theme: module.title.replace(/（[^）]*）$/, ''),
        contentTags: tags.filter((tag) => has(lists.contentTags, tag)),
        ...(has(lists.kinds, module.activityKind) ? { kind: module.activityKind } : {}),
        ...(has(lists.forms, module.form) ? { form: module.form } : {}),
        ...(module.aim === '' ? {} : { content: module.aim }),
      }
    },
    link(activityId) {
      if (!module) return
      need
        .linkActivity({ id: module.id, activityId })
        .catch(() => notify(`活动已发布，但没有列入“${module.title}”；请在模块里选它。`, { kind: 'error' }))
    },
  }
}
