import type { DashboardFigure } from '@bailiff/contracts/http';
import { mdiArrowDownThin, mdiArrowUpThin } from '@mdi/js';
import type { Format } from '../display/format';
import type { Messages } from '../messages/messages';

/** From so many times as much on, the factor is told. */
const MANY_TIMES = 5;

/** How a figure moved against the period before: an arrow (empty: none) and words. */
export interface FigureChange {
  readonly icon: string;
  readonly text: string;
}

/** The change of a figure, in words. */
export function figureChange(
  { value, previous }: DashboardFigure,
  m: Messages['dashboard'],
  format: Format,
): FigureChange {
  if (previous === null) return { icon: '', text: m.noPrevious };
  if (value === previous) return { icon: '', text: m.same };
  const isUp = value > previous;
  const icon = isUp ? mdiArrowUpThin : mdiArrowDownThin;
  // Percents of so little say nothing any more, and of nothing there are none.
  if (previous > 0 && value / previous >= MANY_TIMES)
    return { icon, text: m.manyTimes(format.number(Math.round(value / previous))) };
  const amount = previous === 0 ? format.number(value) : format.percent(Math.abs(value - previous) / previous);
  return { icon, text: m.change(amount, isUp) };
}
