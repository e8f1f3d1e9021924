//! The signs that TeX's commands stand for.

/// How a sign is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Close to its neighbours, as a letter.
    Word,
    /// With space around it.
    Relation,
    /// With space around it where something stands before it.
    Operator,
    /// A sign whose scripts stand over and under it.
    Big,
    /// A name whose scripts stand under it: `lim`.
    Limit,
    /// The name of a function.
    Name,
}

/// The sign for a command, without its backslash.
pub(super) fn of(name: &str) -> Option<(&'static str, Kind)> {
    let tables = [
        (WORDS, Kind::Word),
        (RELATIONS, Kind::Relation),
        (OPERATORS, Kind::Operator),
        (BIG, Kind::Big),
    ];
    for (table, kind) in tables {
        let mut words = table.split_whitespace();
        while let (Some(known), Some(sign)) = (words.next(), words.next()) {
            if known == name {
                return Some((sign, kind));
            }
        }
    }
    let find = |names: &'static str| names.split_whitespace().find(|known| *known == name);
    find(LIMITS)
        .map(|name| (name, Kind::Limit))
        .or_else(|| find(NAMES).map(|name| (name, Kind::Name)))
}

/// The combining sign for a command that puts one over a letter.
pub(super) fn accent(name: &str) -> Option<char> {
    Some(match name {
        "hat" | "widehat" => '\u{302}',
        "tilde" | "widetilde" => '\u{303}',
        "bar" => '\u{304}',
        "overline" => '\u{305}',
        "underline" => '\u{332}',
        "dot" => '\u{307}',
        "ddot" => '\u{308}',
        "check" => '\u{30c}',
        "acute" => '\u{301}',
        "grave" => '\u{300}',
        "breve" => '\u{306}',
        "vec" | "overrightarrow" => '\u{20d7}',
        _ => return None,
    })
}

/// Commands and their letters, and signs that are set as letters.
const WORDS: &str = "
    alpha α  beta β  gamma γ  delta δ  epsilon ϵ  varepsilon ε  zeta ζ  eta η  theta θ  vartheta ϑ  iota ι
    kappa κ  lambda λ  mu μ  nu ν  xi ξ  omicron ο  pi π  varpi ϖ  rho ρ  varrho ϱ  sigma σ  varsigma ς
    tau τ  upsilon υ  phi ϕ  varphi φ  chi χ  psi ψ  omega ω  Gamma Γ  Delta Δ  Theta Θ  Lambda Λ  Xi Ξ  Pi Π
    Sigma Σ  Upsilon Υ  Phi Φ  Psi Ψ  Omega Ω  infty ∞  partial ∂  nabla ∇  hbar ℏ  ell ℓ  Re ℜ  Im ℑ
    aleph ℵ  emptyset ∅  varnothing ∅  forall ∀  exists ∃  nexists ∄  neg ¬  lnot ¬  top ⊤  bot ⊥  angle ∠
    degree °  prime ′  ldots …  dots …  cdots ⋯  vdots ⋮  ddots ⋱  imath ı  jmath ȷ  lfloor ⌊  rfloor ⌋
    lceil ⌈  rceil ⌉  langle ⟨  rangle ⟩  lvert |  rvert |  vert |  lVert ‖  rVert ‖  Vert ‖  lbrace {
    rbrace }  lbrack [  rbrack ]  backslash \\  colon :  dagger †  ddagger ‡  S §  pounds £  euro €  square □
    blacksquare ■  triangle △  bigstar ★  checkmark ✓  wp ℘  surd √
";

/// Signs between two sides.
const RELATIONS: &str = "
    le ≤  leq ≤  leqslant ≤  ge ≥  geq ≥  geqslant ≥  lt <  gt >  ne ≠  neq ≠  equiv ≡  approx ≈  sim ∼
    simeq ≃  cong ≅  propto ∝  ll ≪  gg ≫  prec ≺  succ ≻  preceq ⪯  succeq ⪰  in ∈  notin ∉  ni ∋  subset ⊂
    subseteq ⊆  supset ⊃  supseteq ⊇  subsetneq ⊊  to →  rightarrow →  leftarrow ←  gets ←  uparrow ↑
    downarrow ↓  leftrightarrow ↔  Rightarrow ⇒  Leftarrow ⇐  Leftrightarrow ⇔  implies ⟹  impliedby ⟸  iff ⟺
    mapsto ↦  longrightarrow ⟶  longleftarrow ⟵  hookrightarrow ↪  rightleftharpoons ⇌  mid |  nmid ∤
    parallel ∥  perp ⊥  models ⊨  vdash ⊢  dashv ⊣  coloneqq ≔  doteq ≐  triangleq ≜  asymp ≍  therefore ∴
    because ∵
";

/// Signs that join two sides, or stand before one.
const OPERATORS: &str = "
    pm ±  mp ∓  times ×  div ÷  cdot ·  ast ∗  star ⋆  circ ∘  bullet •  oplus ⊕  ominus ⊖  otimes ⊗
    oslash ⊘  odot ⊙  cup ∪  cap ∩  setminus ∖  uplus ⊎  sqcup ⊔  sqcap ⊓  wedge ∧  land ∧  vee ∨  lor ∨
    bmod mod  ltimes ⋉  rtimes ⋊  bowtie ⋈  wr ≀
";

/// Signs whose scripts stand over and under them.
const BIG: &str = "
    sum ∑  prod ∏  coprod ∐  int ∫  iint ∬  iiint ∭  oint ∮  bigcup ⋃  bigcap ⋂  bigoplus ⨁  bigotimes ⨂
    bigvee ⋁  bigwedge ⋀  bigsqcup ⨆
";

/// Names whose scripts stand under them.
const LIMITS: &str = "
    lim max min sup inf limsup liminf argmax argmin det gcd Pr
";

/// Names of functions.
const NAMES: &str = "
    log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh dim ker deg hom arg mod
";
