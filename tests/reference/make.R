# Writes what metafor says about the CSV files of this folder: one <dataset>.json each, and
# manifest.json. README.md explains the records.  Run:  Rscript make.R [FOLDER]
# FOLDER (default: where this script stands) holds datasets.csv and the CSV files it lists.

suppressPackageStartupMessages(library(metafor))
options(digits = 17)
script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
folder <- c(commandArgs(trailingOnly = TRUE), dirname(script))[1]

# --- what is asked ------------------------------------------------------------------------------

measures <- list(
  binary      = c("OR", "RR", "RD", "AS", "PETO", "PHI", "YUQ", "YUY", "RTET", "PBIT",
                  "OR2DN", "OR2DL"),
  continuous  = c("SMD", "MD", "ROM", "SMDH", "SMD1", "SMD1H", "CVR", "VR", "D2ORN", "D2ORL",
                  "RPB", "RBIS"),
  proportion  = c("PLO", "PFT", "PR", "PLN", "PAS"),
  correlation = c("ZCOR", "COR", "UCOR"),
  incidence   = c("IRR", "IRD", "IRSD"),
  rate        = c("IRLN", "IR", "IRS", "IRFT"),
  mean        = c("MN", "MNLN"),
  paired      = c("MC", "SMCC", "SMCR", "ROMC"),
  generic     = "GEN")
# So many of the first measures of each kind are pooled.
n_pooled <- c(binary = 3, continuous = 3, proportion = 3, correlation = 2, incidence = 2,
              rate = 0, mean = 0, paired = 0, generic = 1)
variance_types <- list(
  RD = c("UB", "AV"), PHI = c("ST", "CS"), MD = "HO",
  SMD = c("LS2", "UB", "AV"), SMDH = "LS2", SMD1 = c("LS2", "UB", "AV"),
  ROM = c("HO", "AV", "AVHO"), COR = "AV", UCOR = c("UB", "AV"), PR = c("UB", "AV"), PLN = "AV",
  PLO = "AV", RPB = c("ST", "CS"), SMCC = "LS2", SMCR = "LS2")
counted <- c("binary", "proportion", "incidence", "rate")  # kinds with cells that may be 0
# metafor adds nothing to the cells of these by default.
adds_nothing <- c("AS", "PHI", "RTET", "IRSD", "IRS", "IRFT", "PAS", "PFT")

estimators <- c("CE", "DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM")
fit <- function(method, test = "z", level = 95, tag = "", ...)
  list(method = method, test = test, level = level, tag = tag, more = list(...))
fits_of_first_measure <- function(vi) c(
  lapply(estimators, fit),
  list(fit("CE", "knha"), fit("DL", "knha"), fit("REML", "knha"), fit("PM", "knha"),
       fit("CE", "t"), fit("REML", "t"), fit("DL", "adhoc"), fit("REML", "adhoc"),
       fit("REML", level = 90), fit("REML", "knha", level = 90), fit("REML", level = 99),
       fit("CE", tag = "unweighted", weighted = FALSE),
       fit("REML", tag = "unweighted", weighted = FALSE),
       fit("REML", tag = "tau2_fixed_0.1", tau2 = 0.1),
       fit("GENQ", tag = "w_inv_sqrt_vi", weights = 1 / sqrt(vi))))
fits_of_other_measures <- c(lapply(c("CE", "DL", "REML", "PM"), fit), list(fit("REML", "knha")))

# --- JSON: NA is null; NaN and infinities are strings; no digit is lost ---------------------------

text <- function(x) {
  escaped <- gsub("\n", "\\n", gsub("([\\\"])", "\\\\\\1", x), fixed = TRUE)
  paste0("\"", escaped, "\"")
}
number <- function(x) {
  s <- sprintf("%.15g", x)
  given <- which(is.finite(x))
  lost <- given[as.numeric(s[given]) != x[given]]
  s[lost] <- sprintf("%.17g", x[lost])
  s[!is.finite(x)] <- text(s[!is.finite(x)])
  s[is.na(x) & !is.nan(x)] <- "null"
  s
}
atoms <- function(x) {
  if (!length(x)) return(character())
  if (is.character(x)) return(text(x))
  if (is.logical(x) && !anyNA(x)) return(tolower(x))
  number(as.numeric(x))
}
json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x)) {
    inner <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(inner, collapse = ",\n"), "]"))
    return(paste0("{", paste0(text(names(x)), ":", inner, collapse = ","), "}"))
  }
  values <- atoms(unclass(x))
  if (length(x) == 1 && !inherits(x, "AsIs")) return(values)
  paste0("[", paste(values, collapse = ","), "]")
}
write_json <- function(x, name) writeLines(
  paste0("{", paste0(text(names(x)), ":", vapply(x, json, ""), collapse = ",\n"), "}"),
  file.path(folder, paste0(name, ".json")), useBytes = TRUE)

one <- function(x) if (length(x)) as.numeric(x[1]) else NA_real_
record <- function(id, fn, args, expression) {
  heard <- character(); error <- NULL
  expected <- withCallingHandlers(
    tryCatch(expression, error = function(e) { error <<- conditionMessage(e); NULL }),
    warning = function(w) {
      heard <<- c(heard, conditionMessage(w))
      invokeRestart("muffleWarning")
    })
  list(id = id, fn = fn, args = args, expected = expected, warnings = I(unique(heard)),
       error = error)
}

# --- effect sizes ---------------------------------------------------------------------------------

effects <- function(d, kind, measure, ...) {
  given <- switch(kind,
    binary = list(ai = d$events_treatment, n1i = d$n_treatment, ci = d$events_control,
                  n2i = d$n_control),
    continuous = list(m1i = d$mean_treatment, sd1i = d$sd_treatment, n1i = d$n_treatment,
                      m2i = d$mean_control, sd2i = d$sd_control, n2i = d$n_control),
    proportion = list(xi = d$events, ni = d$n),
    correlation = list(ri = d$r, ni = d$n),
    incidence = list(x1i = d$events_treatment, t1i = d$time_treatment, x2i = d$events_control,
                     t2i = d$time_control),
    rate = list(xi = d$events, ti = d$time),
    mean = list(mi = d$mean, sdi = d$sd, ni = d$n),
    paired = list(m1i = d$mean_after, m2i = d$mean_before, sd2i = d$sd_before, ri = d$r, ni = d$n,
                  sd1i = if (measure == "SMCR") d$sd_before else d$sd_after),
    generic = list(yi = d$yi, vi = d$vi))
  do.call(escalc, c(list(measure), given, list(...)))
}

has_zero_cell <- function(d, kind) any(switch(kind,
  binary = c(d$events_treatment, d$events_control,
             d$n_treatment - d$events_treatment, d$n_control - d$events_control),
  proportion = c(d$events, d$n - d$events),
  incidence = c(d$events_treatment, d$events_control), rate = d$events, NA) == 0, na.rm = TRUE)

# Variants that change nothing are left out; in real data only the first measures have any.
variants <- function(measure, kind, zero, many, first) {
  wanted <- list(default = list())
  if (zero && many) wanted <- c(wanted,
    if (measure %in% adds_nothing) list(add_half_only0 = list(add = 0.5, to = "only0")),
    if (kind %in% c("binary", "incidence")) list(drop00 = list(drop00 = TRUE)),
    list(add0 = list(add = 0, to = "none"), if0all = list(add = 0.5, to = "if0all")))
  if (kind %in% counted && (first || (zero && many)))
    wanted$all <- list(add = 0.5, to = "all")
  for (v in variance_types[[measure]]) wanted[[paste0("vtype_", v)]] <- list(vtype = v)
  wanted
}
effect_records <- function(d, kind, edge) {
  if (kind == "generic") return(list())
  zero <- has_zero_cell(d, kind)
  out <- list()
  for (m in measures[[kind]]) {
    first <- match(m, measures[[kind]]) <= n_pooled[kind]
    wanted <- variants(m, kind, zero, edge || first, first)
    out <- c(out, lapply(names(wanted), function(v) record(
      paste0(m, "|", v), "escalc", c(list(measure = m, variant = v), wanted[[v]]), {
        e <- do.call(effects, c(list(d, kind, m), wanted[[v]]))
        values <- list(yi = I(as.numeric(e$yi)), vi = I(e$vi))
        if (first && v == "default") {
          s <- summary(e)
          values$summary <- list(sei = I(s$sei), ci_lb = I(s$ci.lb), ci_ub = I(s$ci.ub))
        }
        values
      })))
  }
  out
}

# --- pooling --------------------------------------------------------------------------------------

# By default metafor stops at an absolute change, coarse for small effects: here at a relative one.
spread <- function(yi, vi) {
  given <- is.finite(yi) & is.finite(vi)
  s <- max(median(vi[given]), if (sum(given) > 1) var(yi[given]) else 0)
  if (is.finite(s) && s > 0) s else 1
}
fit_control <- function(method, s) c(
  list(threshold = 1e-12 * s, maxiter = 3000),
  if (method %in% c("PM", "PMM")) list(tol = 1e-15 * s, tau2.max = max(100, 1e4 * s)))

interval <- function(r, type, s) {
  control <- list(tol = 1e-15 * s, maxiter = 10000, tau2.max = max(100, 10 * r$tau2, 1e8 * s))
  settings <- c(list(r, type = type), if (type != "Wald") list(control = control))
  found <- tryCatch(suppressWarnings(do.call(confint, settings)), error = function(e) NULL)
  if (is.null(found)) return(NULL)
  bounds <- function(row) as.list(setNames(found$random[row, ], c("estimate", "ci_lb", "ci_ub")))
  c(list(tau2 = bounds("tau^2")),
    if (type == "QP") list(I2 = bounds("I^2(%)"), H2 = bounds("H^2")),
    list(lb_sign = found$lb.sign, ub_sign = found$ub.sign, ci_null = found$ci.null))
}
prediction <- function(r, ...) {
  p <- suppressWarnings(predict(r, ...))
  list(pi_lb = one(p$pi.lb), pi_ub = one(p$pi.ub))
}
criteria <- function(r) lapply(c(ML = "ML", REML = "REML"), function(by) {
  values <- r$fit.stats[c("ll", "AIC", "BIC", "AICc"), by]
  as.list(setNames(values, c("logLik", "AIC", "BIC", "AICc")))
})
pooled <- function(r, f, s) {
  v <- list(
    k = r$k, beta = one(r$beta), se = r$se, zval = r$zval, pval = r$pval,
    ci_lb = r$ci.lb, ci_ub = r$ci.ub, ddf = one(r$ddf), tau2 = one(r$tau2),
    se_tau2 = one(r$se.tau2), I2 = one(r$I2), H2 = one(r$H2), vt = one(r$vt),
    QE = one(r$QE), QE_df = r$k - r$p, QEp = one(r$QEp))
  if (r$method != "CE") v$predict <- prediction(r)
  if (r$method %in% c("DL", "REML")) v$predict_riley <- prediction(r, pi.type = "riley")
  if (f$test != "z" || f$level != 95) return(v)
  if (r$method %in% c("CE", "DL", "REML", "GENQ")) v$weights_pct <- I(weights(r))
  if (r$method %in% c("CE", "ML", "REML")) v$fit <- criteria(r)
  if (f$tag == "" && r$method %in% c("DL", "ML", "REML")) {
    v$confint_QP <- interval(r, "QP", s)
    if (r$method != "DL") v$confint_PL <- interval(r, "PL", s)
    if (r$method != "DL") v$confint_Wald <- interval(r, "Wald", s)
  }
  v
}
pool_record <- function(yi, vi, measure, f) {
  s <- spread(yi, vi)
  asked <- list(method = f$method, test = f$test, level = f$level)
  shown <- f$more
  if ("weights" %in% names(shown)) shown$weights <- "1/sqrt(vi)"
  id <- paste(c(measure, unlist(asked), if (nzchar(f$tag)) f$tag), collapse = "|")
  args <- c(list(measure = measure), asked, list(control = "tight"), shown)
  model <- c(list(yi, vi), asked, f$more, list(control = fit_control(f$method, s)))
  record(id, "rma.uni", args, pooled(do.call(rma.uni, model), f, s))
}
pool_records <- function(d, kind) {
  out <- list()
  for (m in head(measures[[kind]], n_pooled[kind])) {
    e <- suppressWarnings(effects(d, kind, m))
    yi <- as.numeric(e$yi)
    fits <- if (m == measures[[kind]][1]) fits_of_first_measure(e$vi) else fits_of_other_measures
    out <- c(out, lapply(fits, function(f) pool_record(yi, e$vi, m, f)))
  }
  out
}

# --- Mantel-Haenszel and Peto ---------------------------------------------------------------------

tests <- function(r) list(
  k = r$k, k_yi = r$k.yi, beta = one(r$beta), se = r$se, zval = r$zval, pval = r$pval,
  ci_lb = r$ci.lb, ci_ub = r$ci.ub, QE = one(r$QE), QEp = one(r$QEp), I2 = one(r$I2),
  H2 = one(r$H2), CO = one(r$CO), COp = one(r$COp), MH = one(r$MH), MHp = one(r$MHp),
  BD = one(r$BD), BDp = one(r$BDp), TA = one(r$TA), TAp = one(r$TAp), k_pos = one(r$k.pos))
stratified_records <- function(d, kind) {
  if (!kind %in% c("binary", "incidence")) return(list())
  cells <- if (kind == "binary") {
    list(ai = d$events_treatment, n1i = d$n_treatment, ci = d$events_control, n2i = d$n_control)
  } else {
    list(x1i = d$events_treatment, t1i = d$time_treatment, x2i = d$events_control,
         t2i = d$time_control)
  }
  one_record <- function(measure, variant, fn, args) {
    more <- if (fn == "rma.mh") c(list(measure = measure), args) else args
    record(paste0(measure, "|", variant), fn, c(list(measure = measure), args),
           tests(do.call(fn, c(cells, more))))
  }
  out <- list()
  for (m in head(measures[[kind]], n_pooled[kind])) out <- c(out, list(
    one_record(m, "default", "rma.mh", list()),
    one_record(m, "nocorrect", "rma.mh", list(correct = FALSE)),
    one_record(m, "add_half_both", "rma.mh",
               list(add = c(0.5, 0.5), to = c("only0", "only0"))),
    one_record(m, "level90", "rma.mh", list(level = 90))))
  if (kind == "binary") out <- c(out, list(
    one_record("PETO", "default", "rma.peto", list()),
    one_record("PETO", "level90", "rma.peto", list(level = 90))))
  out
}

# --- each study in turn ---------------------------------------------------------------------------

# Real ones of each kind with few studies, and the edges of pooling.
looked_into <- c("bcg", "berkey1998", "hart1999", "normand1999", "molloy2014", "pritz1997",
  "raudenbush1985", "edge_bin_double_zero", "edge_con_tiny_n", "edge_cor_k2", "edge_inc_zero",
  paste0("edge_gen_", c("equal_var", "huge_het", "identical", "k1", "k2", "k3", "missing", "ties",
                        "tiny_var", "var_ratio", "zero_effects", "slow_search")),
  paste0("edge_gen_two_maxima_", letters[1:5]))
studied <- list(fit("CE"), fit("REML", "knha"))
studied_in_bcg <- c(lapply(c("CE", "DL", "HE", "SJ", "ML", "REML", "PM"), fit), list(
  fit("REML", "knha"), fit("REML", "t", level = 90), fit("REML", "adhoc")))
kept <- c("estimate", "se", "pval", "ci.lb", "ci.ub", "Q", "tau2", "I2")
numbers <- function(found) {
  found <- unclass(found)
  names(found) <- sub("pvals", "pval", names(found))  # as cumul calls them
  kept <- intersect(kept, names(found))  # a common effect has no tau2
  lapply(setNames(found[kept], sub(".", "_", kept, fixed = TRUE)), I)
}
diagnostics <- function(r) {
  found <- influence(r)
  v <- c(unclass(found$inf)[c("rstudent", "dffits", "cook.d", "cov.r", "tau2.del", "QE.del", "hat",
                              "weight")],
         list(dfbs = found$dfbs[[1]], is_infl = found$is.infl, rstandard = rstandard(r)$z))
  names(v) <- gsub(".", "_", names(v), fixed = TRUE)
  if (r$test == "z") {
    pdf(NULL); on.exit(dev.off())
    b <- baujat(r)
    v <- c(v, list(baujat_x = b$x, baujat_y = b$y))
  }
  lapply(v, I)
}
sensitivity_records <- function(d, kind, name) {
  if (!name %in% looked_into) return(list())
  e <- suppressWarnings(effects(d, kind, measures[[kind]][1]))
  given <- is.finite(e$yi) & is.finite(e$vi)
  rows <- data.frame(yi = as.numeric(e$yi), vi = e$vi)[given, ]
  order <- order(rows$vi, decreasing = TRUE)  # not that of the rows: the least precise first
  rows$place <- order(order)
  out <- list()
  for (f in if (name == "bcg") studied_in_bcg else studied) {
    asked <- list(method = f$method, test = f$test, level = f$level)
    settings <- c(asked, list(control = fit_control(f$method, spread(rows$yi, rows$vi))))
    model <- function() do.call(
      rma.uni, c(list(quote(yi), quote(vi), data = quote(rows)), settings))
    args <- c(list(measure = measures[[kind]][1]), asked, list(control = "tight"))
    id <- paste(c(measures[[kind]][1], unlist(asked)), collapse = "|")
    out <- c(out, list(
      record(paste0(id, "|leave1out"), "leave1out", args, numbers(leave1out(model()))),
      record(paste0(id, "|cumul"), "cumul", args, {
        r <- model()
        c(list(order = I(order)), numbers(cumul(r, order = place)))
      }),
      record(paste0(id, "|influence"), "influence, rstandard, baujat", args,
             diagnostics(model()))))
  }
  out
}

# --- every data set -------------------------------------------------------------------------------

kind_of <- function(d) {
  tells <- c(yi = "generic", mean_before = "paired", mean_treatment = "continuous",
             mean = "mean", r = "correlation", time_treatment = "incidence", time = "rate",
             events = "proportion", events_treatment = "binary")
  tells[[intersect(names(tells), names(d))[1]]]
}
read <- function(name) {  # whole numbers as doubles: sums of large counts overflow integers
  d <- read.csv(file.path(folder, paste0(name, ".csv")))
  d[-1] <- lapply(d[-1], as.numeric)
  d
}
write_records <- function(name) {
  d <- read(name)
  kind <- kind_of(d)
  edge <- startsWith(name, "edge_")
  about <- list(dataset = name, kind = kind, k = nrow(d), edge = edge, csv = paste0(name, ".csv"))
  write_json(list(
    meta = about, escalc = effect_records(d, kind, edge), rma_uni = pool_records(d, kind),
    mh_peto = stratified_records(d, kind), sensitivity = sensitivity_records(d, kind, name)), name)
  c(about, json = paste0(name, ".json"))
}

listed <- read.csv(file.path(folder, "datasets.csv"), colClasses = "character")$dataset
versions <- list(R = R.version.string, metafor = as.character(packageVersion("metafor")))
write_json(list(versions = versions, datasets = lapply(listed, write_records)), "manifest")
