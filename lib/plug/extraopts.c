/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * extraopts.c - --extra-opts: options from an ini file
 *
 * inih reads the file.  Two things differ from its defaults, as other plugins'
 * users expect: a blank at the start of a line means nothing (no
 * continuation), and a key may stand alone.  A line that inih would cut is an
 * error.
 */
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "plug/extraopts.h"

#define EXTRAOPTS_FILE_MAX (256 * 1024)
#define EXTRAOPTS_SHOWN    120

static const char extraopts_option[] = "--extra-opts";

/* What a run of inih works on. */
struct extraopts_file {
	struct extraopts *out;
	const char *section;
	const char *at, *end; /* the bytes not yet read */
	bool inside;          /* the section, just now */
	bool found;
	bool long_line;
	bool oom;
};

void
extraopts_free(struct extraopts *x)
{
	int i;

	for (i = 0; i < x->n; i++)
		free(x->v[i]);
	free(x->v);
	*x = (struct extraopts){ NULL, 0 };
}

/* Takes over word, which is NULL when there was no memory for it. */
static int
extraopts_push(struct extraopts *x, char *word)
{
	char **v = NULL;

	if (word != NULL)
		v = realloc(x->v, ((size_t)x->n + 2) * sizeof(*v));
	if (v == NULL) {
		free(word);
		return -1;
	}
	x->v = v;
	v[x->n++] = word;
	v[x->n] = NULL;
	return 0;
}

static int
extraopts_push_option(struct extraopts *x, const char *name, const char *value)
{
	struct buf word = BUF_INIT;
	bool letter = name[1] == '\0';

	buf_addf(&word, letter ? "-%s" : "--%s", name);
	if (!letter && *value != '\0')
		buf_addf(&word, "=%s", value);
	if (extraopts_push(x, buf_take(&word)) != 0)
		return -1;
	if (letter && *value != '\0')
		return extraopts_push(x, strdup(value));
	return 0;
}

/* inih's handler: 0 stops with an error, 1 goes on. */
static int
extraopts_handle(void *arg, const char *section, const char *name,
    const char *value)
{
	struct extraopts_file *f = arg;

	(void)section; /* inih cuts a long one; the reader knows */
	if (!f->inside)
		return 1;
	if (*name != '\0' && extraopts_push_option(f->out, name, value) != 0) {
		f->oom = true;
		return 0;
	}
	return 1;
}

/* The length without an inline comment, which a blank and a ';' begin. */
static size_t
extraopts_uncomment(const char *s, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (s[i] == ';' && strchr(" \t", s[i - 1]) != NULL)
			break;
	if (i < n)
		for (n = i; n != 0 && strchr(" \t", s[n - 1]) != NULL; n--)
			;
	return n;
}

/* Does a line have a key but no value?  inih wants a separator. */
static bool
extraopts_is_bare(const char *s, size_t n)
{
	return n != 0 && strchr(";#[", *s) == NULL &&
	    memchr(s, '=', n) == NULL && memchr(s, ':', n) == NULL;
}

/* "[name]", with blanks around the name perhaps. */
static bool
extraopts_is_section(const char *s, size_t n, const char *section)
{
	size_t len = strlen(section), i = 1;

	while (i < n && strchr(" \t", s[i]) != NULL)
		i++;
	if (n - i <= len || memcmp(s + i, section, len) != 0)
		return false;
	for (i += len; i < n && strchr(" \t", s[i]) != NULL; i++)
		;
	return i < n && s[i] == ']';
}

/* inih's reader, like fgets(3). */
static char *
extraopts_read_line(char *line, int size, void *arg)
{
	struct extraopts_file *f = arg;
	const char *s, *nl;
	size_t n;

	if (f->at == f->end)
		return NULL;
	nl = memchr(f->at, '\n', (size_t)(f->end - f->at));
	s = f->at;
	f->at = nl != NULL ? nl + 1 : f->end;
	if (nl == NULL)
		nl = f->end;
	while (s != nl && strchr(" \t", *s) != NULL)
		s++;
	while (nl != s && strchr(" \t\r", nl[-1]) != NULL)
		nl--;
	n = extraopts_uncomment(s, (size_t)(nl - s));
	if (n + sizeof("=\n") > (size_t)size) {
		f->long_line = true;
		f->at = f->end;
		return NULL;
	}
	if (n != 0 && *s == '[') {
		f->inside = extraopts_is_section(s, n, f->section);
		f->found |= f->inside;
	}
	memcpy(line, s, n);
	if (extraopts_is_bare(s, n))
		line[n++] = '=';
	line[n++] = '\n';
	line[n] = '\0';
	return line;
}

static int
extraopts_fail(struct buf *why, const char *text, const char *name,
    const char *reason)
{
	buf_addf(why, "%s: %s '", extraopts_option, text);
	clean_adds(why, name, EXTRAOPTS_SHOWN);
	buf_addf(why, "'%s%s", *reason != '\0' ? ": " : "", reason);
	return -1;
}

static int
extraopts_no_section(const char *section, const char *file, struct buf *why)
{
	extraopts_fail(why, "no section", section, "");
	buf_adds(why, " in ");
	clean_adds(why, file, EXTRAOPTS_SHOWN);
	return -1;
}

static int
extraopts_parse(struct extraopts *x, const struct buf *bytes,
    const char *section, const char *file, struct buf *why)
{
	struct extraopts_file f = {
		.out = x,
		.section = section,
		.at = bytes->data,
	};
	static const char bom[] = "\xef\xbb\xbf";
	size_t skip = sizeof(bom) - 1;
	int line;

	if (bytes->len == 0)
		return extraopts_no_section(section, file, why);
	f.end = bytes->data + bytes->len;
	if (bytes->len >= skip && memcmp(bytes->data, bom, skip) == 0)
		f.at += skip;
	line = ini_parse_stream(extraopts_read_line, &f, extraopts_handle, &f);
	if (f.oom || line == -2)
		return extraopts_fail(why, "cannot read", file,
		    "out of memory");
	if (f.long_line)
		return extraopts_fail(why, "cannot read", file,
		    "a line is too long");
	if (line != 0)
		return extraopts_fail(why, "cannot read", file,
		    "a line is no [section] and no key=value");
	return f.found ? 0 : extraopts_no_section(section, file, why);
}

/* The first of the file names in a colon-separated path; 0 or -1. */
static int
extraopts_search_path(const char *path, struct buf *name)
{
	static const char *const files[] = { "monitoring-plugins.ini",
		"plugins.ini", "nagios-plugins.ini" };
	size_t n, i;

	for (;; path += n + 1) {
		n = strcspn(path, ":");
		for (i = 0; n != 0 && i < sizeof(files) / sizeof(*files); i++) {
			buf_truncate(name, 0);
			buf_add(name, path, n);
			buf_addf(name, "/%s", files[i]);
			if (buf_str(name) != NULL &&
			    access(buf_str(name), F_OK) == 0)
				return 0;
		}
		if (path[n] == '\0')
			return -1;
	}
}

/* Adds the name of the file to read. */
static int
extraopts_search(const struct extraopts_env *env, struct buf *name)
{
	static const char *const places[] = {
		"/usr/local/etc/monitoring-plugins/monitoring-plugins.ini",
		"/usr/local/etc/monitoring-plugins.ini",
		"/etc/monitoring-plugins/monitoring-plugins.ini",
		"/etc/monitoring-plugins.ini", "/etc/nagios/plugins.ini",
		"/usr/local/nagios/etc/plugins.ini",
		"/usr/local/etc/nagios/plugins.ini",
		"/etc/opt/nagios/plugins.ini", "/etc/nagios-plugins.ini",
		"/usr/local/etc/nagios-plugins.ini",
		"/etc/opt/nagios-plugins.ini"
	};
	size_t i;

	if (env->config_file != NULL && *env->config_file != '\0') {
		buf_adds(name, env->config_file);
		return 0;
	}
	if (env->config_path != NULL &&
	    extraopts_search_path(env->config_path, name) == 0)
		return 0;
	for (i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (access(places[i], F_OK) == 0) {
			buf_truncate(name, 0);
			buf_adds(name, places[i]);
			return 0;
		}
	return -1;
}

/* One --extra-opts; locator is "", "SECTION", "@FILE" or "SECTION@FILE". */
static int
extraopts_load(struct extraopts *x, const char *program, const char *locator,
    const struct extraopts_env *env, struct buf *why)
{
	size_t n = strcspn(locator, "@");
	struct buf section = BUF_INIT, file = BUF_INIT, bytes = BUF_INIT;
	int rc = -1;

	if (n != 0)
		buf_add(&section, locator, n);
	else
		buf_adds(&section, program);
	if (locator[n] == '@')
		buf_adds(&file, locator + n + 1);
	else if (extraopts_search(env, &file) != 0) {
		buf_addf(why,
		    "%s: no ini file found; name one: "
		    "%s=@FILE, or MP_CONFIG_FILE",
		    extraopts_option, extraopts_option);
		goto out;
	}
	if (section.oom || file.oom) {
		buf_adds(why, "out of memory");
		goto out;
	}
	rc = strcmp(buf_str(&file), "-") == 0 ?
	    fsx_read_fd(STDIN_FILENO, EXTRAOPTS_FILE_MAX, &bytes) :
	    fsx_read(AT_FDCWD, buf_str(&file), 0, EXTRAOPTS_FILE_MAX, &bytes);
	if (rc != 0)
		extraopts_fail(why, "cannot read", buf_str(&file),
		    strerror(errno));
	else
		rc = extraopts_parse(x, &bytes, buf_str(&section),
		    buf_str(&file), why);
out:
	buf_free(&bytes);
	buf_free(&file);
	buf_free(&section);
	return rc;
}

/* The locator when a word is --extra-opts, else NULL. */
static const char *
extraopts_locator(const char *word)
{
	size_t n = sizeof(extraopts_option) - 1;

	if (strncmp(word, extraopts_option, n) != 0)
		return NULL;
	return word[n] == '=' ? word + n + 1 :
	    word[n] == '\0'   ? word + n :
				NULL;
}

int
extraopts_expand(struct extraopts *x, const char *program, int argc,
    char **argv, const struct extraopts_env *env, struct buf *why)
{
	const char *locator;
	int i, last;

	*x = (struct extraopts){ NULL, 0 };
	for (last = 1; last < argc && strcmp(argv[last], "--") != 0; last++)
		;
	if (extraopts_push(x, strdup(argc > 0 ? argv[0] : program)) != 0)
		goto oom;
	for (i = 1; i < last; i++) {
		locator = extraopts_locator(argv[i]);
		if (locator != NULL &&
		    extraopts_load(x, program, locator, env, why) != 0)
			return -1;
	}
	for (i = 1; i < argc; i++)
		if ((i >= last || extraopts_locator(argv[i]) == NULL) &&
		    extraopts_push(x, strdup(argv[i])) != 0)
			goto oom;
	return 0;
oom:
	buf_adds(why, "out of memory");
	return -1;
}
