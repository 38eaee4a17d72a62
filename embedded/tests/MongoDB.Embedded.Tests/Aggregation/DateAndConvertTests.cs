using MongoDB.Embedded.Aggregation;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Tests.Bson;

namespace MongoDB.Embedded.Tests.Aggregation;

/// <summary>"Date Expression Operators" and "Type Expression Operators" in the manual.</summary>
public class DateAndConvertTests
{
    private const string Document = "{d: ISODate('2014-01-01T08:15:39.736Z'), w: ISODate('2016-01-01T00:00:00Z'), ts: Timestamp(1622731060, 2), id: ObjectId('58c7cba47bbadf523cf2c313')}";

    [Theory]
    [InlineData("{$year: '$d'}", "2014")]
    [InlineData("{$month: '$d'}", "1")]
    [InlineData("{$dayOfMonth: '$d'}", "1")]
    [InlineData("{$hour: '$d'}", "8")]
    [InlineData("{$minute: '$d'}", "15")]
    [InlineData("{$second: '$d'}", "39")]
    [InlineData("{$millisecond: '$d'}", "736")]
    [InlineData("{$dayOfYear: '$d'}", "1")]
    [InlineData("{$dayOfWeek: '$d'}", "4")]
    [InlineData("{$week: '$d'}", "0")]
    [InlineData("{$isoDayOfWeek: '$d'}", "3")]
    [InlineData("{$isoWeek: '$w'}", "53")]
    [InlineData("{$isoWeekYear: '$w'}", "NumberLong(2015)")]
    [InlineData("{$isoWeek: {date: ISODate('2012-01-02T00:00:00Z')}}", "1")]
    [InlineData("{$hour: {date: '$d', timezone: 'America/New_York'}}", "3")]
    [InlineData("{$hour: {date: ISODate('2017-07-01T12:00:00Z'), timezone: 'Europe/Berlin'}}", "14")]
    [InlineData("{$hour: {date: '$d', timezone: '+05:30'}}", "13")]
    [InlineData("{$minute: {date: '$d', timezone: '-0330'}}", "45")]
    [InlineData("{$year: {date: '$d', timezone: '-09'}}", "2013")]
    [InlineData("{$year: '$id'}", "2017")]
    [InlineData("{$year: '$ts'}", "2021")]
    [InlineData("{$year: null}", "null")]
    [InlineData("{$year: ISODate('1969-12-31T23:59:59.999Z')}", "1969")]
    [InlineData("{$millisecond: Date(-1)}", "999")]
    [InlineData("{$year: 'x'}", "error 16006")]
    [InlineData("{$hour: {date: '$d', timezone: 'Nowhere/Land'}}", "error 40485")]
    [InlineData("{$hour: {date: '$d', zone: 'x'}}", "error 40535")]
    [InlineData("{$hour: {timezone: 'UTC'}}", "error 40539")]
    [InlineData("{$hour: ['$d', '$d']}", "error 40536")]
    [InlineData("{$tsSecond: '$ts'}", "NumberLong(1622731060)")]
    [InlineData("{$tsIncrement: '$ts'}", "NumberLong(2)")]
    [InlineData("{$dateToParts: {date: '$d'}}", "{year: 2014, month: 1, day: 1, hour: 8, minute: 15, second: 39, millisecond: 736}")]
    [InlineData("{$dateToParts: {date: '$d', timezone: 'America/New_York', iso8601: true}}", "{isoWeekYear: 2014, isoWeek: 1, isoDayOfWeek: 3, hour: 3, minute: 15, second: 39, millisecond: 736}")]
    [InlineData("{$dateFromParts: {year: 2017, month: 2, day: 8, hour: 12}}", "ISODate('2017-02-08T12:00:00Z')")]
    [InlineData("{$dateFromParts: {isoWeekYear: 2017, isoWeek: 6, isoDayOfWeek: 3, hour: 12}}", "ISODate('2017-02-08T12:00:00Z')")]
    [InlineData("{$dateFromParts: {year: 2016, month: 12, day: 31, hour: 23, minute: 46, second: 12, timezone: 'America/New_York'}}", "ISODate('2017-01-01T04:46:12Z')")]
    [InlineData("{$dateFromParts: {year: 2017, month: 14, day: 1, hour: 12}}", "ISODate('2018-02-01T12:00:00Z')")]
    [InlineData("{$dateFromParts: {year: 2017, month: 0, day: 1, hour: 12}}", "ISODate('2016-12-01T12:00:00Z')")]
    [InlineData("{$dateFromParts: {year: 2017, day: -1}}", "ISODate('2016-12-30T00:00:00Z')")]
    [InlineData("{$dateFromParts: {month: 1}}", "error 40516")]
    [InlineData("{$dateFromParts: {year: 0}}", "error 40523")]
    [InlineData("{$dateFromParts: {year: 'x'}}", "error 40515")]
    public void Parts(string expression, string expected) => Check(expression, expected);

    [Theory]
    [InlineData("{$dateToString: {date: '$d'}}", "'2014-01-01T08:15:39.736Z'")]
    [InlineData("{$dateToString: {date: '$d', format: '%Y-%m-%d'}}", "'2014-01-01'")]
    [InlineData("{$dateToString: {date: '$d', format: '%H:%M:%S:%L%z', timezone: 'America/New_York'}}", "'03:15:39:736-0500'")]
    [InlineData("{$dateToString: {date: '$d', format: '%H:%M:%S:%L%z', timezone: '+04:30'}}", "'12:45:39:736+0430'")]
    [InlineData("{$dateToString: {date: '$d', format: '%j %U %u %w %V %G %Z %%'}}", "'001 00 3 4 01 2014 +0 %'")]
    [InlineData("{$dateToString: {date: '$d', format: '%b %B'}}", "'Jan January'")]
    [InlineData("{$dateToString: {date: '$none', onNull: 'n/a'}}", "'n/a'")]
    [InlineData("{$dateToString: {date: null}}", "null")]
    [InlineData("{$dateToString: {date: '$d', format: '%n'}}", "error 18536")]
    [InlineData("{$dateToString: {date: '$d', format: '%'}}", "error 18535")]
    [InlineData("{$dateToString: {format: '%Y'}}", "error 18628")]
    [InlineData("{$dateFromString: {dateString: '2017-02-08T12:10:40.787'}}", "ISODate('2017-02-08T12:10:40.787Z')")]
    [InlineData("{$dateFromString: {dateString: '2017-02-08T12:10:40.787', timezone: 'America/New_York'}}", "ISODate('2017-02-08T17:10:40.787Z')")]
    [InlineData("{$dateFromString: {dateString: '2017-02-08'}}", "ISODate('2017-02-08T00:00:00Z')")]
    [InlineData("{$dateFromString: {dateString: '2017-02-08 12:10:40'}}", "ISODate('2017-02-08T12:10:40Z')")]
    [InlineData("{$dateFromString: {dateString: '2018-03-27T05:04:47.890-0500'}}", "ISODate('2018-03-27T10:04:47.890Z')")]
    [InlineData("{$dateFromString: {dateString: '06-15-2018', format: '%m-%d-%Y'}}", "ISODate('2018-06-15T00:00:00Z')")]
    [InlineData("{$dateFromString: {dateString: '15-06-2018 12:30', format: '%d-%m-%Y %H:%M', timezone: '+01'}}", "ISODate('2018-06-15T11:30:00Z')")]
    [InlineData("{$dateFromString: {dateString: '2017 2 8', format: '%Y %m %d'}}", "ISODate('2017-02-08T00:00:00Z')")]
    [InlineData("{$dateFromString: {dateString: '5', onError: 'bad'}}", "'bad'")]
    [InlineData("{$dateFromString: {dateString: null, onNull: 'none'}}", "'none'")]
    [InlineData("{$dateFromString: {dateString: '2017-02-30'}}", "error 241")]
    [InlineData("{$dateFromString: {dateString: 5}}", "error 241")]
    [InlineData("{$dateFromString: {dateString: '2017-02-08T12:00:00Z', timezone: 'Europe/Berlin'}}", "error 241")]
    public void Text(string expression, string expected) => Check(expression, expected);

    [Theory]
    [InlineData("{$dateAdd: {startDate: ISODate('2020-10-31T12:10:05Z'), unit: 'month', amount: 1}}", "ISODate('2020-11-30T12:10:05Z')")]
    [InlineData("{$dateAdd: {startDate: ISODate('2020-02-29T00:00:00Z'), unit: 'year', amount: 1}}", "ISODate('2021-02-28T00:00:00Z')")]
    [InlineData("{$dateAdd: {startDate: ISODate('2021-10-23T10:00:00Z'), unit: 'day', amount: 10, timezone: 'Europe/Paris'}}", "ISODate('2021-11-02T11:00:00Z')")]
    [InlineData("{$dateAdd: {startDate: ISODate('2020-01-01T00:00:00Z'), unit: 'quarter', amount: 2}}", "ISODate('2020-07-01T00:00:00Z')")]
    [InlineData("{$dateAdd: {startDate: ISODate('2020-01-01T00:00:00Z'), unit: 'hour', amount: 36}}", "ISODate('2020-01-02T12:00:00Z')")]
    [InlineData("{$dateSubtract: {startDate: ISODate('2020-12-31T12:10:05Z'), unit: 'month', amount: 1}}", "ISODate('2020-11-30T12:10:05Z')")]
    [InlineData("{$dateSubtract: {startDate: ISODate('2020-03-01T00:00:00Z'), unit: 'week', amount: 1}}", "ISODate('2020-02-23T00:00:00Z')")]
    [InlineData("{$dateAdd: {startDate: null, unit: 'day', amount: 1}}", "null")]
    [InlineData("{$dateAdd: {startDate: '$d', unit: 'fortnight', amount: 1}}", "error 9")]
    [InlineData("{$dateAdd: {startDate: '$d', unit: 'day', amount: 1.5}}", "error 5166405")]
    [InlineData("{$dateAdd: {startDate: '$d', unit: 'day'}}", "error 5166402")]
    [InlineData("{$dateDiff: {startDate: ISODate('2020-12-31T23:59:59Z'), endDate: ISODate('2021-01-01T00:00:00Z'), unit: 'year'}}", "NumberLong(1)")]
    [InlineData("{$dateDiff: {startDate: ISODate('2020-10-31T00:00:00Z'), endDate: ISODate('2020-11-05T12:00:00Z'), unit: 'day'}}", "NumberLong(5)")]
    [InlineData("{$dateDiff: {startDate: ISODate('2020-11-05T12:00:00Z'), endDate: ISODate('2020-10-31T00:00:00Z'), unit: 'month'}}", "NumberLong(-1)")]
    [InlineData("{$dateDiff: {startDate: ISODate('2021-01-24T00:00:00Z'), endDate: ISODate('2021-01-25T00:00:00Z'), unit: 'week', startOfWeek: 'Monday'}}", "NumberLong(1)")]
    [InlineData("{$dateDiff: {startDate: ISODate('2021-01-24T00:00:00Z'), endDate: ISODate('2021-01-25T00:00:00Z'), unit: 'week'}}", "NumberLong(0)")]
    [InlineData("{$dateDiff: {startDate: ISODate('2020-01-01T00:59:59Z'), endDate: ISODate('2020-01-01T01:00:00Z'), unit: 'hour'}}", "NumberLong(1)")]
    [InlineData("{$dateDiff: {startDate: Date(0), endDate: Date(1500), unit: 'millisecond'}}", "NumberLong(1500)")]
    [InlineData("{$dateTrunc: {date: ISODate('2021-03-20T11:30:05Z'), unit: 'month'}}", "ISODate('2021-03-01T00:00:00Z')")]
    [InlineData("{$dateTrunc: {date: ISODate('2021-03-20T11:30:05Z'), unit: 'hour', binSize: 2}}", "ISODate('2021-03-20T10:00:00Z')")]
    [InlineData("{$dateTrunc: {date: ISODate('2021-03-20T11:30:05Z'), unit: 'week', startOfWeek: 'Monday'}}", "ISODate('2021-03-15T00:00:00Z')")]
    [InlineData("{$dateTrunc: {date: ISODate('2021-03-20T11:30:05Z'), unit: 'quarter'}}", "ISODate('2021-01-01T00:00:00Z')")]
    [InlineData("{$dateTrunc: {date: ISODate('1998-03-20T11:30:05Z'), unit: 'year', binSize: 5}}", "ISODate('1995-01-01T00:00:00Z')")]
    [InlineData("{$dateTrunc: {date: ISODate('2021-03-20T11:30:05Z'), unit: 'day', timezone: 'America/Los_Angeles'}}", "ISODate('2021-03-20T07:00:00Z')")]
    [InlineData("{$dateTrunc: {date: '$d', unit: 'day', binSize: 0}}", "error 5439018")]
    public void Arithmetic(string expression, string expected) => Check(expression, expected);

    [Theory]
    [InlineData("{$type: 5}", "'int'")]
    [InlineData("{$type: '$none'}", "'missing'")]
    [InlineData("{$type: [[1]]}", "'array'")]
    [InlineData("{$isNumber: 5.5}", "true")]
    [InlineData("{$toBool: 0}", "false")]
    [InlineData("{$toBool: 'false'}", "true")]
    [InlineData("{$toBool: '$d'}", "true")]
    [InlineData("{$toBool: null}", "null")]
    [InlineData("{$toInt: 5.9}", "5")]
    [InlineData("{$toInt: '-5'}", "-5")]
    [InlineData("{$toInt: true}", "1")]
    [InlineData("{$toInt: NumberDecimal('5.5')}", "5")]
    [InlineData("{$toInt: '2.5'}", "error 241")]
    [InlineData("{$toInt: 3000000000.0}", "error 241")]
    [InlineData("{$toInt: NaN}", "error 241")]
    [InlineData("{$toInt: '$d'}", "error 241")]
    [InlineData("{$toLong: '$d'}", "NumberLong(1388564139736)")]
    [InlineData("{$toLong: '9223372036854775807'}", "NumberLong(9223372036854775807)")]
    [InlineData("{$toLong: 5.5}", "NumberLong(5)")]
    [InlineData("{$toDouble: '-2.6'}", "-2.6")]
    [InlineData("{$toDouble: '1e3'}", "1000.0")]
    [InlineData("{$toDouble: 'abc'}", "error 241")]
    [InlineData("{$toDouble: NumberLong(5)}", "5.0")]
    [InlineData("{$toDouble: false}", "0.0")]
    [InlineData("{$toDecimal: 2.5}", "NumberDecimal('2.50000000000000')")]
    [InlineData("{$toDecimal: '1.10'}", "NumberDecimal('1.10')")]
    [InlineData("{$toDecimal: NumberLong(10)}", "NumberDecimal('10')")]
    [InlineData("{$toString: 2.5}", "'2.5'")]
    [InlineData("{$toString: 5.0}", "'5'")]
    [InlineData("{$toString: true}", "'true'")]
    [InlineData("{$toString: NumberDecimal('2.50')}", "'2.50'")]
    [InlineData("{$toString: '$id'}", "'58c7cba47bbadf523cf2c313'")]
    [InlineData("{$toString: '$d'}", "'2014-01-01T08:15:39.736Z'")]
    [InlineData("{$toString: {$literal: {a: 1}}}", "error 241")]
    [InlineData("{$toObjectId: '5ab9cbfa31c2ab715d42129e'}", "ObjectId('5ab9cbfa31c2ab715d42129e')")]
    [InlineData("{$toObjectId: '5ab9cbfa31c2ab715d42129'}", "error 241")]
    [InlineData("{$toDate: 120000000000.5}", "Date(120000000000)")]
    [InlineData("{$toDate: NumberLong(1100000000000)}", "Date(1100000000000)")]
    [InlineData("{$toDate: '2018-03-27T16:58:51.538Z'}", "ISODate('2018-03-27T16:58:51.538Z')")]
    [InlineData("{$toDate: '2018-03-27 11:58:51.538 -0500'}", "ISODate('2018-03-27T16:58:51.538Z')")]
    [InlineData("{$toDate: '$id'}", "Date(1489488804000)")]
    [InlineData("{$toDate: '$ts'}", "Date(1622731060000)")]
    [InlineData("{$toDate: 5}", "error 241")]
    [InlineData("{$toDate: 'Friday'}", "error 241")]
    [InlineData("{$convert: {input: '10', to: 'int'}}", "10")]
    [InlineData("{$convert: {input: '10', to: 16}}", "10")]
    [InlineData("{$convert: {input: 'x', to: 'int', onError: 'bad'}}", "'bad'")]
    [InlineData("{$convert: {input: null, to: 'int', onNull: 'none'}}", "'none'")]
    [InlineData("{$convert: {input: '$none', to: 'int'}}", "null")]
    [InlineData("{$convert: {input: 1, to: 'integer'}}", "error 2")]
    [InlineData("{$convert: {input: 1}}", "error 9")]
    [InlineData("{$convert: {input: 1, to: 'int', extra: 1}}", "error 9")]
    public void Conversions(string expression, string expected) => Check(expression, expected);

    [Theory]
    [InlineData("{$toInt: 'abc'}", "Failed to parse number 'abc' in $convert with no onError value: Did not consume any digits")]
    [InlineData("{$toInt: 3e9}", "Conversion would overflow target type in $convert with no onError value: 3000000000.0")]
    [InlineData("{$toInt: Infinity}", "Attempt to convert infinity value to integer type in $convert with no onError value")]
    [InlineData("{$toObjectId: 'x'}", "Failed to parse objectId 'x' in $convert with no onError value: Invalid string length for parsing to OID, expected 24 but found 1")]
    [InlineData("{$toDate: 5}", "Unsupported conversion from int to date in $convert with no onError value")]
    public void Conversion_failures_say_what_failed(string expression, string message)
    {
        var parsed = Expression.Parse(Shell.Value(expression), QueryContext.Create());
        MongoError error = Assert.Throws<MongoError>(() => parsed.Evaluate(Shell.Doc("{}")));
        Assert.Equal(message, error.Message);
    }

    private static void Check(string expression, string expected)
    {
        var context = QueryContext.Create();
        if (expected.StartsWith("error ", StringComparison.Ordinal))
        {
            var error = Assert.Throws<MongoError>(() => Expression.Parse(Shell.Value(expression), context).Evaluate(Shell.Doc(Document)));
            Assert.Equal(expected, $"error {error.Code}");
            return;
        }
        Assert.Equal(Shell.Normal(expected), Shell.Print(Expression.Parse(Shell.Value(expression), context).Evaluate(Shell.Doc(Document))));
    }
}
