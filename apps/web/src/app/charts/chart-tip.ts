/** What a chart's tooltip says. Every text may be untrusted. */
export interface ChartTip {
  readonly title: string;
  readonly rows: readonly ChartTipRow[];
  /** A quiet line below. */
  readonly note?: string;
}

export interface ChartTipRow {
  readonly label: string;
  readonly value: string;
  /** Of the mark in front of it; absent: none. */
  readonly colour?: string;
}

/**
 * A tooltip as elements. Use it as what a `formatter` returns: ECharts sets a string as HTML, in which a jail named
 * `<img onerror=…>` would run, but puts an element where it belongs. Looks: `styles/_charts.scss`.
 */
export function tipElement(tip: ChartTip, document: Document = globalThis.document): HTMLElement {
  const part = (className: string, text = ''): HTMLElement => {
    const element = document.createElement('div');
    element.className = className;
    element.textContent = text;
    return element;
  };
  const root = part('chart-tip');
  root.append(part('chart-tip-title untrusted', tip.title));
  for (const { label, value, colour } of tip.rows) {
    const row = part('chart-tip-row');
    if (colour !== undefined) {
      const mark = part('chart-tip-mark');
      mark.style.backgroundColor = colour;
      row.append(mark);
    }
    row.append(part('chart-tip-label ellipsis untrusted', label), part('chart-tip-value', value));
    root.append(row);
  }
  if (tip.note !== undefined) root.append(part('chart-tip-note', tip.note));
  return root;
}
