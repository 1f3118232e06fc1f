# Time metafor for speed.py: read the two files of sets, tell the version, then answer each line
# "bcg N" or "many N" with the CPU and the elapsed seconds that N fits took.

suppressPackageStartupMessages(library(metafor))

read_sets <- function(path) {
  rows <- read.csv(path)
  lapply(
    split(rows, rows$analysis),
    function(set) list(effects = set$effect, variances = set$variance)
  )
}

paths <- commandArgs(trailingOnly = TRUE)
bcg <- read_sets(paths[1])[[1]]
many <- read_sets(paths[2])

fit_one <- function(set) {
  effects <- set$effects
  variances <- set$variances
  rma(effects, variances, test = "knha")
}

fit_with_prediction <- function(set) {
  tryCatch(predict(fit_one(set)), error = function(problem) NULL)  # REML did not converge
}

cat(format(packageVersion("metafor")), "\n")
flush(stdout())
input <- file("stdin", "r")
while (length(line <- readLines(input, n = 1)) > 0) {
  words <- strsplit(line, " ")[[1]]
  n <- as.integer(words[2])
  started <- proc.time()
  if (words[1] == "bcg") {
    for (i in seq_len(n)) fit_one(bcg)
  } else {
    suppressWarnings(for (i in seq_len(n)) fit_with_prediction(many[[i]]))
  }
  taken <- proc.time() - started
  cat(taken[["user.self"]] + taken[["sys.self"]], taken[["elapsed"]], "\n")
  flush(stdout())
}
