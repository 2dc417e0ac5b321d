import type { ChartOption } from './chart-engine';
import type { ChartLook } from './chart-look';

const MOTION_MS = 180;

/** What all charts share, laid under a chart's own options: type, tooltip, motion, and its description. */
export function framedOption(
  option: ChartOption,
  look: ChartLook,
  { label, isCalm }: { readonly label: string; readonly isCalm: boolean },
): ChartOption {
  const own = option['tooltip'];
  return {
    backgroundColor: 'transparent',
    textStyle: { fontFamily: look.font, color: look.text2 },
    animation: !isCalm,
    animationDuration: MOTION_MS,
    animationDurationUpdate: MOTION_MS,
    stateAnimation: { duration: isCalm ? 0 : 100 },
    ...option,
    aria: { enabled: true, label: { description: label } },
    tooltip: {
      confine: true,
      className: 'chart-tip-box',
      backgroundColor: look.raised,
      borderColor: look.lineStrong,
      borderWidth: 1,
      padding: [8, 10],
      transitionDuration: 0,
      textStyle: { color: look.text, fontFamily: look.font, fontSize: 12 },
      extraCssText: 'border-radius: 6px; box-shadow: 0 6px 20px var(--shade);',
      ...(typeof own === 'object' ? own : {}),
    },
  };
}
