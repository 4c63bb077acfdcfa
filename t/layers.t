#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# layers.t - the house rules that can be read off the source
use strict;
use warnings;

use File::Find;
use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use Test::More;

my $src = srcdir();
my @files;
find({ no_chdir => 1, wanted => sub {
	push @files, s{^\Q$src\E/}{}r if /\.[ch]$/
	    && m{^\Q$src\E/(lib|plugins|tools|bench|t/unit|t/fuzz|t/soak)/};
} }, grep { -d } map { "$src/$_" } qw(lib plugins tools bench t));
my %text = map { $_ => slurp("$src/$_") } sort @files;
my @own = grep { m{^(lib|plugins|tools)/} } sort @files;

# each_file($name, $check, @files): one test; the places that break a rule
# are listed when it fails.
sub each_file {
	my ($name, $check, @in) = @_;
	my @bad = map { my $f = $_; map { "$f: $_" } $check->($f, $text{$f}) }
	    @in;
	is_deeply(\@bad, [], $name);
}

sub lines_matching {
	my ($re) = @_;
	return sub {
		my (undef, $text) = @_;
		$text =~ s{/\*.*?\*/}{$& =~ tr/\n//cdr}gse;
		return grep { /$re/ } split /\n/, $text;
	};
}

cmp_ok(scalar @own, '>', 40, 'the source was found');

each_file('the first line is SPDX, then what the file is for', sub {
	my ($f, $text) = @_;
	my ($base) = $f =~ m{([^/]+)$};
	my $spdx = '/* SPDX-License-Identifier: GPL-3.0-or-later */';
	return $text =~ m{\A\Q$spdx\E\n/\*(?:\n \*)? \Q$base\E - } ? () :
	    'no such head';
}, sort @files);

each_file('a header compiles alone', sub {
	my ($f) = @_;
	my $cc = $ENV{CC} // 'cc';
	my $r = run($cc, qw(-std=gnu11 -fsyntax-only -x c -include),
	    builddir() . '/config.h', "-I$src/lib", "-I$src", "$src/$f");
	return $r->{code} ? $r->{err} : ();
}, grep { /\.h$/ } @own);

each_file('functions have at most 60 lines', sub {
	my @bad;
	while ($_[1] =~ /^\{\n(.*?)^\}/msg) {
		my $n = () = $1 =~ /\n/g;
		push @bad, "a function of $n lines" if $n > 60;
	}
	return @bad;
}, sort @files);

each_file('lines have at most 80 columns', sub {
	my @bad;
	for my $line (split /\n/, $_[1]) {
		1 while $line =~ s/\t+/' ' x (length($&) * 8 - length($`) % 8)/e;
		push @bad, $line if length $line > 80;
	}
	return @bad;
}, sort @files);

each_file('no function that is not to be used',
    lines_matching(qr/\b(?:system|popen|strcpy|strcat|v?sprintf|gets|alloca|
	mktemp|tmpnam)\(/x), @own);
each_file('numbers are read in num.c only',
    lines_matching(qr/\b(?:ato[ifl]+|strto(?:d|f|ld|l|ll|ul|ull|imax)|
	sscanf)\(/x), grep { $_ ne 'lib/base/num.c' } sort @files);
# What runs in a forked child alone may end that child, and set its signals.
my $own_process = lines_matching(qr/\b(?:_?exit|v?f?printf|puts|perror|getenv|
    signal|sigaction)\(/x);
my $child = qr/^child_begin\(.*?^\}\n/ms;
each_file('a library neither prints, exits nor reads the environment', sub {
	my ($f, $text) = @_;
	$text =~ s/$child// if $f eq 'lib/base/child.c';
	return $own_process->($f, $text);
}, grep { m{^lib/} } @own);
is_deeply([$text{'lib/base/child.c'} =~ s/$child//r =~
    /(.*\n)\t+(child_begin\(.*)/g], ["\tif (*pid == 0)\n",
    'child_begin(job);'], '... and what does runs in a forked child alone');
each_file('what is to be done is done',
    lines_matching(qr/\b(?:TODO|FIXME|XXX|HACK)\b/), sort @files);

# A busy machine is no fault of a program: tests wait for conditions, and what
# they leave out they say (MQ::lacks).
my %test;
find({ no_chdir => 1, wanted => sub {
	$test{s{^\Q$src\E/}{}r} = slurp($_) if m{/t/.*\.(?:t|pm|c)$};
} }, "$src/t");
my $limit = qr/\btime(?:\(\))? - \$began, '<|\(&when_system\) - began </;
is_deeply([grep { $test{$_} =~ $limit } sort keys %test], [],
    'no test has a limit in wall-clock seconds');
is_deeply([grep { $_ ne 't/lib/MQ.pm' && $test{$_} =~ /\$ENV\{CI\}/ }
    sort keys %test], [], 'a test that leaves something out says so');

done_testing;
