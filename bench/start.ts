import { startDemo } from './demo.ts'
import { type Bench, row, type Table } from './measure.ts'

/** From `npm run demo` to the page that answers, with packages installed and pages built. */
export async function measureStart(bench: Bench): Promise<Table[]> {
  const first = await startDemo(bench)
  await first.stop()
  const second = await startDemo(bench)
  const page = performance.now()
  const response = await fetch(`${second.address}/`)
  await response.arrayBuffer()
  const pageAfter = performance.now() - page
  await second.stop()
  return [
    {
      title: '演示启动：node boot.mjs demo 到可以打开',
      rows: [
        ...(first.wasTold
          ? []
          : [row('第一次（讲述一学年）', first.readyAfter / 1000, '秒', { atMost: 60 })]),
        row('第二次', second.readyAfter / 1000, '秒', { atMost: 6 }),
        row('打开首页的 HTML', pageAfter, 'ms'),
      ],
      notes: ['程序包已安装、网页已构建；第一次还要 npm 安装时另加下载时间'],
    },
  ]
}
