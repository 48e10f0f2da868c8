export { isDay as isDate } from '../model/day.ts';
