/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rules.c - the lines of MailScanner's lists and rulesets of directories
 *
 * Pure: bytes in, values out.  The models are ReadInQueueDirs() and
 * Store1Rule() of MailScanner's Config.pm.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mta/mailscanner/conf.h"
#include "mta/mailscanner/rules.h"

#define MAILSCANNER_RULES_BLANKS " \t\r\f\v"

int
mailscanner_rules_list(const char *bytes, size_t n, mailscanner_rules_fn *add,
    void *arg)
{
	const char *s = bytes, *end = bytes + n;
	size_t number = 0;
	char *line, *value;
	int rc = 0;

	while (rc == 0 && s != end) {
		if ((line = mailscanner_conf_next_line(&s, end)) == NULL)
			return -1;
		number++;
		/*
		 * To MailScanner, a '#' after blanks begins the name of a
		 * directory that does not exist.
		 */
		value = mailscanner_conf_trim(line);
		if (*value != '\0' && *value != '#')
			rc = add(arg, number, value);
		free(line);
	}
	return rc;
}

/* Ends the word that s begins with, and returns what follows its blanks. */
static char *
mailscanner_rules_word(char *s)
{
	s += strcspn(s, MAILSCANNER_RULES_BLANKS);
	if (*s != '\0')
		*s++ = '\0';
	return s + strspn(s, MAILSCANNER_RULES_BLANKS);
}

static bool
mailscanner_rules_matches_all(const char *pattern)
{
	return strcasecmp(pattern, "default") == 0 ||
	    strcmp(pattern, "*@*") == 0 || strcmp(pattern, "*") == 0;
}

/* The value of a rule in line, which is cut into words. */
static const char *
mailscanner_rules_value(char *line, bool *all)
{
	char *pattern = mailscanner_rules_word(line),
	     *value = mailscanner_rules_word(pattern);
	char *second, *rest;
	size_t n = strcspn(value, MAILSCANNER_RULES_BLANKS);

	*all = mailscanner_rules_matches_all(pattern);
	if (n != 3 || strncasecmp(value, "and", n) != 0)
		return value;
	/* "and To: PATTERN VALUE" */
	second = mailscanner_rules_word(mailscanner_rules_word(value));
	rest = mailscanner_rules_word(second);
	*all = *all && mailscanner_rules_matches_all(second);
	return rest;
}

int
mailscanner_rules_rules(const char *bytes, size_t n, mailscanner_rules_fn *add,
    void *arg, bool *has_default)
{
	const char *s = bytes, *end = bytes + n, *value;
	size_t number = 0;
	char *line, *text;
	bool all;
	int rc = 0;

	*has_default = false;
	while (rc == 0 && s != end) {
		if ((line = mailscanner_conf_next_line(&s, end)) == NULL)
			return -1;
		number++;
		line[strcspn(line, "#")] = '\0';
		text = mailscanner_conf_trim(line);
		if (*text != '\0') {
			value = mailscanner_rules_value(text, &all);
			*has_default = *has_default || all;
			rc = add(arg, number, value);
		}
		free(line);
	}
	return rc;
}
