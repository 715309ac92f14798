import type { ThemeConfig } from 'antd'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'

dayjs.locale('zh-cn')

export const antdLocale = zhCN

/** Paper and ink. The same values stand in style.css as variables; every pair of text and ground is at least 4.5 : 1. */
export const palette = {
  paper: '#FAF7F0',
  sheet: '#FFFEFB',
  ink: '#1E2420',
  inkSoft: '#545B55',
  inkFaint: '#666C65',
  line: '#E5DFD2',
  edge: '#908B7E',
  bamboo: '#1F6F5C',
  bambooWash: '#E4F0EB',
  vermilion: '#B3261E',
  vermilionWash: '#FBEBE8',
  amber: '#8A5800',
  amberWash: '#FBF0DB',
  slate: '#48607A',
  slateWash: '#E8EDF2',
} as const

/** antd derives its tag colours from lighter seeds; these are the wash, line, mark and text that the page uses. */
function tagColor(name: string, wash: string, line: string, text: string) {
  const steps = { 1: wash, 2: wash, 3: line, 6: text, 7: text }
  return Object.fromEntries(
    Object.entries(steps).flatMap(([step, color]) => [
      [`${name}${step}`, color],
      [`${name}-${step}`, color],
    ]),
  )
}
const tagColors: Record<string, string> = {
  ...tagColor('green', palette.bambooWash, '#B5D6CB', palette.bamboo),
  ...tagColor('cyan', palette.bambooWash, '#B5D6CB', palette.bamboo),
  ...tagColor('red', palette.vermilionWash, '#EDBDB8', palette.vermilion),
  ...tagColor('volcano', palette.vermilionWash, '#EDBDB8', palette.vermilion),
  ...tagColor('gold', palette.amberWash, '#E6CB93', palette.amber),
  ...tagColor('orange', palette.amberWash, '#E6CB93', palette.amber),
  ...tagColor('blue', palette.slateWash, '#BECBD8', palette.slate),
  ...tagColor('geekblue', palette.slateWash, '#BECBD8', palette.slate),
}

/** antd's tokens, set once; `phone` makes type and targets larger. */
export function themeFor(phone: boolean): ThemeConfig {
  return {
    token: {
      colorPrimary: palette.bamboo,
      colorInfo: palette.slate,
      colorSuccess: palette.bamboo,
      colorWarning: palette.amber,
      colorError: palette.vermilion,
      colorLink: palette.bamboo,
      colorLinkHover: '#17594A',
      colorLinkActive: '#124539',
      colorText: palette.ink,
      colorTextSecondary: palette.inkSoft,
      colorTextTertiary: palette.inkFaint,
      colorTextQuaternary: palette.inkFaint,
      colorTextDescription: palette.inkSoft,
      colorTextPlaceholder: palette.inkFaint,
      colorTextDisabled: palette.inkFaint,
      colorBgBase: '#FFFFFF',
      colorBgLayout: palette.paper,
      colorBgContainer: palette.sheet,
      colorBgContainerDisabled: '#F1EDE4',
      colorBorder: palette.edge,
      colorBorderSecondary: palette.line,
      colorBorderDisabled: '#CFC9BB',
      colorSplit: palette.line,
      // antd's tag colours, darkened to what the page uses.
      ...tagColors,
      fontFamily: 'var(--font)',
      fontSize: phone ? 16 : 15,
      lineHeight: 1.6,
      controlHeight: phone ? 44 : 38,
      borderRadius: 8,
      borderRadiusLG: 12,
      wireframe: false,
    },
    components: {
      Button: { fontWeight: 500, primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
      Form: { labelColor: palette.ink, verticalLabelPadding: '0 0 4px', itemMarginBottom: 20 },
      Modal: { titleFontSize: 18 },
      Tabs: { horizontalItemPadding: '10px 0' },
    },
  }
}
