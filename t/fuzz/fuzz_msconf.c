/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_msconf.c - any bytes are a MailScanner.conf, a list or a ruleset; two
 * files say what one says that has the lines of both
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "mta/mailscanner/conf.h"
#include "mta/mailscanner/rules.h"

static int
include(void *arg, const char *pattern, size_t line)
{
	struct buf *patterns = arg;

	FUZZ_MUST(line != 0 && strpbrk(pattern, "\n#") == NULL);
	buf_addf(patterns, "%s\n", pattern);
	return 0;
}

/* The lines of a list have values, those of a ruleset may have none. */
struct lines {
	size_t count, last;
	bool empty;
};

static int
add(void *arg, size_t line, const char *value)
{
	struct lines *l = arg;
	size_t n = strlen(value);

	FUZZ_MUST(line > l->last && strchr(value, '\n') == NULL);
	FUZZ_MUST(n == 0 ||
	    (strchr(" \t\r", value[0]) == NULL &&
		strchr(" \t\r", value[n - 1]) == NULL));
	FUZZ_MUST(l->empty || (n != 0 && value[0] != '#'));
	FUZZ_MUST(!l->empty || strchr(value, '#') == NULL);
	l->last = line;
	l->count++;
	return 0;
}

static void
parse_lines(const char *text, size_t n, size_t lines)
{
	struct lines list = { 0, 0, false }, rules = { 0, 0, true };
	bool all;

	FUZZ_MUST(mailscanner_rules_list(text, n, add, &list) == 0);
	FUZZ_MUST(mailscanner_rules_rules(text, n, add, &rules, &all) == 0);
	FUZZ_MUST(list.last <= lines && list.count <= lines);
	FUZZ_MUST(rules.last <= lines && rules.count <= list.count);
	FUZZ_MUST(!all || rules.count != 0);
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Expanded to that length at most, or not at all, with the reason. */
static void
must_be_setting(const struct mailscanner_conf_setting *s, size_t n,
    size_t lines)
{
	if (s->file == NULL) {
		FUZZ_MUST(s->value == NULL && s->unknown == NULL);
		return;
	}
	FUZZ_MUST(s->line != 0 && s->line <= lines);
	FUZZ_MUST((s->value == NULL) != (s->unknown == NULL));
	FUZZ_MUST(s->value == NULL || strpbrk(s->value, "\n#") == NULL);
	FUZZ_MUST(s->value == NULL ||
	    strlen(s->value) <= (n > 4096 ? n : 4096));
}

static void
parse(struct mailscanner_conf *m, const char *bytes, size_t n, struct buf *in)
{
	char *part = fuzz_copy(bytes, n);

	FUZZ_MUST(mailscanner_conf_parse(m, "f", part, n, include, in) == 0);
	free(part);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mailscanner_conf one = MAILSCANNER_CONF_INIT,
				two = MAILSCANNER_CONF_INIT;
	struct buf in_one = BUF_INIT, in_two = BUF_INIT;
	const char *text = (const char *)bytes, *nl = NULL;
	size_t lines = 1, i, first;

	for (i = 0; i < n; i++) {
		lines += text[i] == '\n';
		if (text[i] == '\n' && i <= n / 2)
			nl = text + i;
	}
	first = nl != NULL ? (size_t)(nl + 1 - text) : 0;
	parse(&one, text, n, &in_one);
	parse(&two, text, first, &in_two);
	parse(&two, text + first, n - first, &in_two);
	for (i = 0; i < MAILSCANNER_CONF_KEYS; i++) {
		FUZZ_MUST(same(one.v[i].value, two.v[i].value));
		must_be_setting(&one.v[i], n, lines);
	}
	FUZZ_MUST(same(buf_str(&in_one), buf_str(&in_two)));
	buf_free(&in_one);
	buf_free(&in_two);
	mailscanner_conf_free(&one);
	mailscanner_conf_free(&two);
	parse_lines(text, n, lines);
	return 0;
}
