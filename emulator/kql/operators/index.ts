import type { OperatorCompiler } from '../context.ts';
import { compileDistinct } from './distinct.ts';
import { compileJoin } from './join.ts';
import { compileMvExpand } from './mv-expand.ts';
import { compileExtend, compileProject, compileProjectAway, compileProjectRename } from './project.ts';
import { compileSort, compileTop } from './sort.ts';
import { compileSummarize } from './summarize.ts';
import { compileCount, compileTake, compileWhere } from './rows.ts';
import { compileUnion } from './union.ts';

/** The tabular operators of Resource Graph, by the parser's kind. */
export const operators: Readonly<Record<string, OperatorCompiler>> = {
  FilterOperator: compileWhere,
  ProjectOperator: compileProject,
  ProjectAwayOperator: compileProjectAway,
  ProjectRenameOperator: compileProjectRename,
  ProjectKeepOperator: compileProjectAway,
  ExtendOperator: compileExtend,
  SortOperator: compileSort,
  TopOperator: compileTop,
  TakeOperator: compileTake,
  CountOperator: compileCount,
  SummarizeOperator: compileSummarize,
  DistinctOperator: compileDistinct,
  MvExpandOperator: compileMvExpand,
  JoinOperator: compileJoin,
  UnionOperator: compileUnion,
};
