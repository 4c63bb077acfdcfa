/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.h - a command line made of a text, for the tests of options */
#ifndef T_WORDS_H
#define T_WORDS_H

#include <stdio.h>
#include <string.h>

#include "unit.h"

#define WORDS 16

/* Options are split at blanks; the strings live as long as this. */
struct words {
	char text[400];
	char *argv[WORDS + 1];
	int argc;
};

static inline void
words_split(struct words *w, const char *program, const char *words)
{
	char *rest = NULL, *word;

	snprintf(w->text, sizeof(w->text), "%s %s", program, words);
	w->argc = 0;
	for (word = strtok_r(w->text, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest)) {
		assert_true(w->argc < WORDS);
		w->argv[w->argc++] = word;
	}
	w->argv[w->argc] = NULL;
}

#endif
