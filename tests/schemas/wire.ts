// What the declarations of types.mjs need: the published types, and how they look where only a part of them is sent.
import type { Api as GiteaApi } from 'gitea-js';
import type { paths as Cloud } from './node_modules/@coderabbitai/bitbucket/dist/cloud/openapi/openapi-typescript';
import type { paths as Server } from './node_modules/@coderabbitai/bitbucket/dist/server/openapi/openapi-typescript';
import type * as Git from 'azure-devops-node-api/interfaces/GitInterfaces';
import type * as Build from 'azure-devops-node-api/interfaces/BuildInterfaces';
import type * as ProjectAnalysis from 'azure-devops-node-api/interfaces/ProjectAnalysisInterfaces';
import type * as Alert from 'azure-devops-node-api/interfaces/AlertInterfaces';
import type * as Locations from 'azure-devops-node-api/interfaces/LocationsInterfaces';
import type * as Gerrit from './node_modules/@gerritcodereview/typescript-api/rest-api';
/** Some of it; where something may be left out, hosts write null as well. Fields called L may be anything. */
type Part<T, L = never> = T extends readonly (infer I)[] ? Part<I, L>[]
  : T extends object ? { -readonly [K in keyof T]?: K extends L ? unknown : Part<T[K], L> | null } : T;
/** The same as it is sent: dates and members of enumerations are text. */
type Wire<T> = T extends (infer I)[] ? Wire<I>[] : T extends Date ? string : T extends string ? string
  : T extends number ? (`${number}` extends `${T}` ? number : string)
  : T extends object ? { [K in keyof T]?: Wire<T[K]> | null } : T;
/** The same of types whose texts and numbers bear a brand. */
type Bare<T> = T extends (infer I)[] ? Bare<I>[] : T extends string ? string : T extends number ? number
  : T extends object ? { [K in keyof T]?: Bare<T[K]> | null } : T;
type Body<O, L = never> = O extends { responses: { 200: { content: infer C } } } ? Part<C[keyof C], L> : never;
type Query<O> = O extends { parameters: { query?: infer Q } } ? Named<NonNullable<Q>> : {};
type Named<Q> = [Q] extends [never] ? {} : { [K in keyof Q]?: NonNullable<Q[K]> extends number | boolean ? string : Q[K] };
/** What every list of a Bitbucket Cloud takes (its "REST API introduction": pages, partial answers, queries and sorting). */
type General = { fields?: string; pagelen?: string; page?: string; q?: string; sort?: string };
type Method<G extends keyof GiteaApi<unknown>, M extends keyof GiteaApi<unknown>[G]> = GiteaApi<unknown>[G][M] extends (...all: infer A) => Promise<{ data: infer D }>
  ? { body: Part<D>; query: A } : never;
type List<T> = { count?: number; value?: Wire<T>[] };
