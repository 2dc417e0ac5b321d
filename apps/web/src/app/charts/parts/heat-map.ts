import { HeatmapChart } from 'echarts/charts';
import { GridComponent, VisualMapComponent } from 'echarts/components';
import { use } from 'echarts/core';

use([HeatmapChart, GridComponent, VisualMapComponent]);
