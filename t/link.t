#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# link.t - the layers of the source, proved by the linker and by the includes
#
# Each folder is an archive. It is linked alone, whole, with the archives that
# it may use and no others, so that a call up the layers has no answer. The
# objects are those of a program and not of a shared library, so a program with
# an empty main() is what is linked.
use strict;
use warnings;

use File::Find;
use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use Test::More;

my $src = srcdir();

# What a folder may use besides what these use, from the bottom to the top.
my @LAYERS = (
	'lib/base' => [],
	'lib/mail' => ['lib/base'],
	'lib/look' => ['lib/mail'],
	'lib/count' => ['lib/look'],
	'lib/change' => ['lib/count'],
	'lib/report' => ['lib/count'],
	'lib/block' => ['lib/mail'],
	'lib/mta/sendmail' => ['lib/change'],
	'lib/mta/sendmail/access' => ['lib/mta/sendmail', 'lib/block'],
	'lib/mta/mailscanner' => ['lib/mail'],
	'lib/mta' => ['lib/mta/sendmail/access', 'lib/mta/mailscanner'],
	'lib/plug' => ['lib/base'],
	'plugins/common' => ['lib/plug', 'lib/report', 'lib/mta'],
	'plugins/check_mqueue' => ['plugins/common'],
	'plugins/check_relayflood' => ['plugins/common'],
	'plugins/bb-ext' => ['lib/plug'],
	'tools/common' => ['lib/mta'],
	'tools/mqreport' => ['tools/common', 'lib/plug', 'lib/report'],
	'tools/qstat' => ['tools/common'],
	'tools/qflush' => ['tools/common'],
	'tools/qblock' => ['tools/common'],
	'tools/mqc' => ['tools/common', 'lib/plug', 'lib/report'],
);
my (%below, @folders);
while (my ($folder, $uses) = splice @LAYERS, 0, 2) {
	my %all = map { $_ => 1, %{$below{$_}} } @$uses;
	$below{$folder} = \%all;
	push @folders, $folder;
}

# --- what the makefile says --------------------------------------------------

my %variable;
for (split /\n/, slurp(builddir() . '/Makefile') =~ s/\\\n//gr) {
	$variable{$1} = $2 if /^(\w+)\s*=\s*(.*)/;
}

# The words of a variable, with those of the variables in it.
sub words {
	my ($text) = @_;
	1 while $text =~ s/\$[({](\w+)[)}]/$variable{$1} \/\/ ''/e;
	return grep { length } split ' ', $text;
}

my %archive = map { m{(.*)/} ? ($1 => $_) : () }
    words('$(noinst_LIBRARIES)');
my $mqc = $archive{'tools/mqc'};
is_deeply([sort keys %archive], [sort grep { $mqc || $_ ne 'tools/mqc' }
    @folders], 'each folder is an archive, and has its layer here');

my $dir = tempdir();
spew("$dir/main.c", "int\nmain(void)\n{\n\treturn 0;\n}\n");
my @link = words('$(CC) $(MQ_CFLAGS) $(CFLAGS) $(MQ_LDFLAGS) $(LDFLAGS)');
my @external = words('$(INIH_LIBS) $(JANSSON_LIBS) $(LIBPSL_LIBS)'
    . ' $(LIBEVENT_LIBS) $(LIBS) -lm');

# What no archive of these has an answer for.
sub missing {
	my ($whole, @others) = @_;
	my $r = run({env => {LC_ALL => 'C'}}, 'sh', '-c', 'cd "$0" && exec "$@"',
	    builddir(), @link, '-o', "$dir/linked", "$dir/main.c",
	    '-Wl,--whole-archive', $whole, '-Wl,--no-whole-archive',
	    '-Wl,--start-group', @others, '-Wl,--end-group', @external);
	my %missing = map { $_ => 1 }
	    $r->{err} =~ /undefined reference to [`'](\w+)/g;
	return [sort keys %missing] if %missing;
	return $r->{code} ? $r->{err} : [];
}

for my $folder (grep { $archive{$_} } @folders) {
	my @may = grep { $below{$folder}{$_} } @folders;
	is_deeply(missing(map { $archive{$_} } $folder, @may), [],
	    "$folder links with what is below it");
}
isnt(scalar @{missing($archive{'lib/look'}, $archive{'lib/base'})}, 0,
    'a layer that is left out is missed');

# --- programs ----------------------------------------------------------------

# A program names no archive of which it uses nothing.
for my $program (words('$(bin_PROGRAMS) $(sbin_PROGRAMS) $(plugin_PROGRAMS)')) {
	$program =~ s/\Q$variable{EXEEXT}\E$// if length $variable{EXEEXT};
	my $name = $program =~ s/\W/_/gr;
	my ($object) = words("\$(am_${name}_OBJECTS)");
	$object =~ s/\$\(OBJEXT\)|\.$/.o/ if $object !~ /\.o$/;
	my @ldadd = words("\$(${name}_LDADD)");
	my $r = run('sh', '-c', 'cd "$0" && exec "$@"', builddir(), @link, '-o',
	    "$dir/linked", '-Wl,--print-map', $object, @ldadd, words('$(LIBS)'));
	is($r->{code}, 0, "$program links") or diag $r->{err};
	my %used;
	$used{$_}++ for $r->{out} =~ m{^((?:lib|plugins|tools)/[\w/-]+\.a)\(}mg;
	is_deeply([grep { /\.a$/ && !$used{$_} } @ldadd], [],
	    '... and uses all that it names');
}

# --- includes ----------------------------------------------------------------

my (%includes, %folder, @angle);
find({no_chdir => 1, wanted => sub {
	return if !/\.[ch]$/;
	my $file = s{^\Q$src\E/}{}r;
	my $text = slurp($_);
	$folder{$file =~ s{/[^/]+$}{}r} = 1;
	$includes{$file} = [map { -f "$src/lib/$_" ? "lib/$_" : $_ }
	    $text =~ /^\s*#\s*include\s*"([^"]+)"/mg];
	push @angle, map { "$file: $_" } grep { -f "$src/lib/$_" || -f "$src/$_" }
	    $text =~ /^\s*#\s*include\s*<([^>]+)>/mg;
}}, map { "$src/$_" } qw(lib plugins tools));

# What completion is made of is run by the build only.
is_deeply([sort keys %folder], [sort @folders, 'tools/completion'],
    'each folder with source has its layer');
is_deeply(\@angle, [], 'a header of ours is included in quotes');

my (@up, @unknown);
for my $file (sort keys %includes) {
	my ($folder) = $file =~ m{(.*)/};
	for my $other (@{$includes{$file}}) {
		my ($of) = $other =~ m{(.*)/} or push @unknown, "$file: $other";
		push @up, "$file includes $other" if defined $of
		    && $of ne $folder && $below{$folder}
		    && !$below{$folder}{$of};
	}
}
is_deeply(\@unknown, [], 'an include names the folder');
is_deeply(\@up, [], 'no file includes one of a folder that it may not use');

# A module is a .c and its .h. Two of them that include each other, perhaps by
# others between them, are a circle.
my %module;
for my $file (keys %includes) {
	my $name = $file =~ s/\.[ch]$//r;
	$module{$name}{$_ =~ s/\.h$//r}++ for @{$includes{$file}};
	delete $module{$name}{$name};
}
my %reach;
for my $name (keys %module) {
	my @next = keys %{$module{$name}};
	while (defined(my $other = pop @next)) {
		push @next, keys %{$module{$other} // {}}
		    if !$reach{$name}{$other}++;
	}
}
my @circles;
for my $name (sort keys %reach) {
	push @circles, map { "$name and $_" }
	    grep { $_ gt $name && $reach{$_}{$name} } sort keys %{$reach{$name}};
}
is_deeply(\@circles, [], 'no two modules include each other');
done_testing;
