import { ScatterChart } from 'echarts/charts';
import { GeoComponent } from 'echarts/components';
import { registerMap, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';

use([GeoComponent, ScatterChart, LabelLayout]);

export { registerMap };
