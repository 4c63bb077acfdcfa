/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * output.c - what a plugin printed, taken apart
 *
 * Pure, and allocates nothing: a result is spans of the caller's bytes, in
 * tables of fixed size.  Any bytes are an output, so nothing fails.
 */
#include <string.h>

#include "plug/output.h"

#define OUTPUT_TAB 8

static bool
output_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
output_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct span
output_trim(const char *p, const char *end)
{
	while (p < end && output_is_blank(*p))
		p++;
	while (end > p && output_is_blank(end[-1]))
		end--;
	return (struct span){ p, (size_t)(end - p) };
}

/* 'label' or label, and the '='.  Returns what is behind it; NULL: neither. */
static const char *
output_label(const char *p, const char *end, struct span *label)
{
	const char *start = p;

	if (p < end && *p == '\'') {
		start = ++p;
		/* Two quotes are one within the label. */
		while (p < end && (*p != '\'' || (p + 1 < end && p[1] == '\'')))
			p += *p == '\'' ? 2 : 1;
		if (p >= end)
			return NULL;
		*label = (struct span){ start, (size_t)(p - start) };
		p++;
	} else {
		while (p < end && !output_is_blank(*p) &&
		    strchr("='|", *p) == NULL)
			p++;
		*label = (struct span){ start, (size_t)(p - start) };
	}
	if (label->n == 0 || label->n > OUTPUT_LABEL_MAX || p >= end ||
	    *p != '=')
		return NULL;
	return p + 1;
}

static const char *
output_digits(const char *p, const char *end)
{
	while (p < end && output_is_digit(*p))
		p++;
	return p;
}

/* A decimal number with or without exponent.  NULL: none. */
static const char *
output_number(const char *p, const char *end, struct span *value)
{
	const char *start = p, *exponent;
	size_t digits;

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	digits = (size_t)(output_digits(p, end) - p);
	p += digits;
	if (p < end && *p == '.') {
		p++;
		digits += (size_t)(output_digits(p, end) - p);
		p = output_digits(p, end);
	}
	if (digits == 0)
		return NULL;
	if (p < end && (*p == 'e' || *p == 'E')) {
		exponent = p + 1;
		if (exponent < end && (*exponent == '-' || *exponent == '+'))
			exponent++;
		if (exponent < end && output_is_digit(*exponent))
			p = output_digits(exponent, end);
	}
	*value = (struct span){ start, (size_t)(p - start) };
	return value->n <= OUTPUT_VALUE_MAX ? p : NULL;
}

/* Letters, '%', or the bytes of a sign such as the micro's. */
static const char *
output_uom(const char *p, const char *end, struct span *uom)
{
	const char *start = p;

	while (p < end &&
	    (*p == '%' || (*p & 0x80) != 0 || (*p >= 'a' && *p <= 'z') ||
		(*p >= 'A' && *p <= 'Z')))
		p++;
	*uom = (struct span){ start, (size_t)(p - start) };
	return uom->n <= OUTPUT_UOM_MAX ? p : NULL;
}

/* A number and its unit, or U alone.  NULL: neither. */
static const char *
output_value(const char *p, const char *end, struct output_perf *item)
{
	if (p < end && *p == 'U') {
		item->value = (struct span){ p, 1 };
		item->uom = (struct span){ p + 1, 0 };
		return p + 1;
	}
	if ((p = output_number(p, end, &item->value)) == NULL)
		return NULL;
	return output_uom(p, end, &item->uom);
}

/* Is all from p to end one item? */
static bool
output_item(const char *p, const char *end, struct output_perf *item)
{
	if ((p = output_label(p, end, &item->label)) == NULL ||
	    (p = output_value(p, end, item)) == NULL)
		return false;
	if (p < end && *p != ';')
		return false;
	/* Thresholds and limits, which are not looked at. */
	for (; p < end; p++)
		if (strchr("'=", *p) != NULL)
			return false;
	return true;
}

/* The end of a word; blanks in a label's quotes don't end it. */
static const char *
output_word(const char *p, const char *end)
{
	const char *quoted = p;
	struct span label;

	if (p < end && *p == '\'' &&
	    (quoted = output_label(p, end, &label)) != NULL)
		p = quoted;
	while (p < end && !output_is_blank(*p))
		p++;
	return p;
}

/* Is there a '|' in a word, beside a label in quotes? */
static bool
output_has_bar(const char *p, const char *end)
{
	const char *rest;
	struct span label;

	if (*p == '\'' && (rest = output_label(p, end, &label)) != NULL)
		p = rest;
	return memchr(p, '|', (size_t)(end - p)) != NULL;
}

/* Takes one word, which may be no item. */
static void
output_take(struct output *o, const char *p, const char *end)
{
	struct output_perf item;

	if (!output_item(p, end, &item)) {
		if (o->nbad < OUTPUT_BAD_MAX)
			o->bad[o->nbad] = (struct span){ p, (size_t)(end - p) };
		o->nbad++;
	} else if (o->nperf < OUTPUT_PERF_MAX) {
		o->perf[o->nperf++] = item;
	} else {
		o->nleft++;
	}
}

/* Forgets all items. */
static void
output_no_perfdata(struct output *o)
{
	o->nperf = o->nbad = o->nleft = 0;
}

/*
 * Takes all words as items.  strict: only if every word looks like one, and one
 * is.  Returns false, and keeps none, if this is no perfdata.
 */
static bool
output_perfdata(struct output *o, const char *p, const char *end, bool strict)
{
	const char *word;
	struct span label;

	for (;; p = word) {
		while (p < end && output_is_blank(*p))
			p++;
		if (p >= end)
			break;
		word = output_word(p, end);
		if (output_has_bar(p, word) ||
		    (strict && output_label(p, word, &label) == NULL)) {
			output_no_perfdata(o);
			return false;
		}
		output_take(o, p, word);
	}
	if (strict && o->nperf == 0)
		output_no_perfdata(o);
	return !strict || o->nperf != 0;
}

/* Is text, from p on, a state's name?  Returns what is behind it, or NULL. */
static const char *
output_state_name(const char *p, const char *end, enum result_state *state)
{
	const char *name;
	int i;

	for (i = RESULT_OK; i <= RESULT_UNKNOWN; i++) {
		name = result_state_name((enum result_state)i);
		if ((size_t)(end - p) >= strlen(name) &&
		    memcmp(p, name, strlen(name)) == 0) {
			*state = (enum result_state)i;
			return p + strlen(name);
		}
	}
	return NULL;
}

/* Is there a state, as at the end of a subject, anywhere from p on? */
static bool
output_has_state(const char *p, const char *end)
{
	enum result_state state;
	const char *after;

	for (; p < end; p++) {
		if (*p != ' ')
			continue;
		after = output_state_name(p + 1, end, &state);
		if (after != NULL && (after == end || *after == ':'))
			return true;
	}
	return false;
}

/* Finds the state of a sub-result, and takes the "\_" away. */
static void
output_sub_result(struct output_line *l)
{
	const char *p = l->text.p, *end = p + l->text.n;

	if (l->text.n > 2 && p[0] == '\\' && p[1] == '_') {
		l->text = (struct span){ p + 2, l->text.n - 2 };
		p += 2;
	}
	if (*p == '[') {
		p = output_state_name(p + 1, end, &l->state);
		l->is_result = p != NULL && p < end && *p == ']';
		return;
	}
	while (p < end && !output_is_blank(*p))
		p++;
	if (p >= end || *p != ' ')
		return;
	p = output_state_name(p + 1, end, &l->state);
	l->is_result = p != NULL && (p == end || *p == ':') &&
	    !output_has_state(p, end);
}

static void
output_add_line(struct output *o, const char *p, const char *end)
{
	struct output_line l = { .state = RESULT_OK };

	if (o->nline == OUTPUT_LINES_MAX) {
		o->nleft++;
		return;
	}
	for (; p < end && (*p == ' ' || *p == '\t'); p++)
		l.indent += *p == '\t' ? OUTPUT_TAB : 1;
	l.text = output_trim(p, end);
	if (l.text.n != 0)
		output_sub_result(&l);
	o->line[o->nline++] = l;
}

static const char *
output_find(const char *p, const char *end, char c)
{
	const char *found = p < end ? memchr(p, c, (size_t)(end - p)) : NULL;

	return found != NULL ? found : end;
}

void
output_parse(struct output *o, const char *s, size_t n)
{
	struct span all = output_trim(s, s + n);
	const char *end = all.p + all.n, *eol, *bar;

	output_no_perfdata(o);
	o->nline = 0;
	o->perf_bad = false;
	eol = output_find(all.p, end, '\n');
	bar = output_find(all.p, eol, '|');
	o->text = output_trim(all.p, bar);
	if (bar != eol)
		o->perf_bad = !output_perfdata(o, bar + 1, eol, false);
	else if ((bar = output_find(eol, end, '|')) != end &&
	    output_perfdata(o, bar + 1, end, true))
		end = bar;
	while (eol < end) {
		s = eol + 1;
		eol = output_find(s, end, '\n');
		output_add_line(o, s, eol);
	}
}

enum result_state
output_state(int exit_status)
{
	return exit_status >= RESULT_OK && exit_status <= RESULT_UNKNOWN ?
	    (enum result_state)exit_status :
	    RESULT_UNKNOWN;
}
